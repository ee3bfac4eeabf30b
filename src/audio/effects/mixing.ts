// Noise put under speech at a given ratio of their active powers (active-power.ts).

import { activePower } from "./active-power.ts";

/** 50 dB below full scale 1; what is softer is the silence of a recording of noise, not noise. */
const SILENCE = 1e-5;

/**
 * `speech` with `noise` added `snrDb` below it.
 * @param noise at least as long, near an active power of 1
 */
export function mixAtSnr(speech: Float32Array, noise: Float32Array, snrDb: number): Float32Array {
  const noisePower = activePower(noise);
  if (noisePower < SILENCE) return speech;
  const scale = Math.sqrt(activePower(speech) / (noisePower * 10 ** (snrDb / 10)));
  const mixed = new Float32Array(speech.length);
  for (let n = 0; n < mixed.length; n++) mixed[n] = speech[n] + scale * noise[n];
  return mixed;
}
