// How the compact file begins.

export const MAGIC = "earshot-lm/\n"; // with what follows, 24 bytes

export const isCompact = (bytes: Uint8Array): boolean =>
  bytes.length >= MAGIC.length && [...MAGIC].every((character, i) => bytes[i] === character.charCodeAt(0));
