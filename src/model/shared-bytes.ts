// Bytes that threads share: a model that is read from them is held once, however many threads run it.

/** A copy that crosses to other threads without being copied again. */
export function shareBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}

/** Browsers have such memory on pages that ask for it. */
export const areShared = ({ buffer }: Uint8Array): boolean =>
  typeof SharedArrayBuffer !== "undefined" && buffer instanceof SharedArrayBuffer;
