// Sounds and pictures inside the page itself, as data URIs.

import { encodeWav } from "../audio/index.ts";
import { pngOf, type PalettePicture } from "./png.ts";

export const pictureUri = async (picture: PalettePicture): Promise<string> =>
  uri("image/png", await pngOf(picture));

/** A 16-bit WAV file. @param samples mono, in [-1, 1] */
export const soundUri = (samples: Float32Array, rateHz: number): string =>
  uri("audio/wav", encodeWav(samples, rateHz));

const uri = (kind: string, bytes: Uint8Array): string => `data:${kind};base64,${base64(bytes)}`;

const BLOCK_BYTES = 3 * 2 ** 12; // a multiple of 3, so that only the last block is padded

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + BLOCK_BYTES)));
  return text;
}
