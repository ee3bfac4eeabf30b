// A digest of content that comes in parts.

export interface Hash {
  /** Text as UTF-8. */
  update(part: string | Uint8Array): Hash;
  /** In hexadecimal; once. */
  digest(): string;
}
