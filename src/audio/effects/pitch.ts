// A higher or a lower voice at the same tempo: played faster, then slowed down again at that pitch. Formants move with it,
// as in smaller and larger people.

import { changeSpeed } from "../resample.ts";
import { changeTempo } from "./tempo.ts";

/** @returns as many samples */
export async function changePitch(samples: Float32Array, semitones: number): Promise<Float32Array> {
  // a whole percent, since resampling to odd rates takes long tables
  const factor = Math.round(100 * 2 ** (semitones / 12)) / 100;
  const played = changeTempo(await changeSpeed(samples, factor), 1 / factor);
  const output = new Float32Array(samples.length); // two roundings of the length may add or lose one sample
  output.set(played.subarray(0, output.length));
  return output;
}
