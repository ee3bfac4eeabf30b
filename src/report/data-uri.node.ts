// Sounds and pictures inside the page itself, as data URIs.

import { encodeWav } from "../audio/index.ts";
import { pngOf, type PalettePicture } from "./png.node.ts";

export const pictureUri = (picture: PalettePicture): string => uri("image/png", pngOf(picture));

/** A 16-bit WAV file. @param samples mono, in [-1, 1] */
export const soundUri = (samples: Float32Array, rateHz: number): string =>
  uri("audio/wav", encodeWav(samples, rateHz));

const uri = (kind: string, bytes: Uint8Array): string =>
  `data:${kind};base64,${Buffer.from(bytes).toString("base64")}`;
