// Sounds and pictures inside the page itself, as data URIs.

import { pngOf, type PalettePicture } from "./png.node.ts";

export const pictureUri = (picture: PalettePicture): string => uri("image/png", pngOf(picture));

/** A 16-bit WAV file. @param samples mono, in [-1, 1] */
export function soundUri(samples: Float32Array, rateHz: number): string {
  const bytes = Buffer.alloc(WAV_HEADER_BYTES + 2 * samples.length);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16); // size of the format
  bytes.writeUInt16LE(1, 20); // integers
  bytes.writeUInt16LE(1, 22); // channels
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(2 * rateHz, 28);
  bytes.writeUInt16LE(2, 32); // bytes of a sample
  bytes.writeUInt16LE(16, 34); // bits of a sample
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, n) => {
    const clipped = Math.min(1, Math.max(-1, sample));
    bytes.writeInt16LE(Math.round(32_767 * clipped), WAV_HEADER_BYTES + 2 * n);
  });
  return uri("audio/wav", bytes);
}

const WAV_HEADER_BYTES = 44;

const uri = (kind: string, bytes: Uint8Array): string =>
  `data:${kind};base64,${Buffer.from(bytes).toString("base64")}`;
