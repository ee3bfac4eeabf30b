// The WASM decoders report damaged frames through console.error as well as in their result. Ours is a library:
// it reports by warnings and errors only. The call is synchronous, so no other message can be lost meanwhile.

export function quietly<Result>(decode: () => Result): Result {
  const original = console.error;
  console.error = () => {};
  try {
    return decode();
  } finally {
    console.error = original;
  }
}
