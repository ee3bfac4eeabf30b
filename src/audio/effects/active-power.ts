// How loud a recording is where it is not silent: pauses do not count, or the same speech with longer pauses would
// be "softer". After ITU-T P.56 (method B): a frame is active if it lies at most 15.9 dB below the level of the active
// frames; the level is iterated until it no longer changes.

import { SAMPLE_RATE_HZ } from "../resample.ts";

const FRAME_SAMPLES = (20 * SAMPLE_RATE_HZ) / 1000;
/** Of the level of the active frames: 15.9 dB below it. */
export const ACTIVE_MARGIN = 10 ** -1.59;

/** Mean square of the samples in the active frames of 20 ms; 0 for silence. */
export function activePower(samples: Float32Array): number {
  return meanOfActive(framePowers(samples));
}

/** The mean power of the frames that are active; 0 without any. */
export function meanOfActive(powers: Float64Array): number {
  let power = mean(powers);
  for (let raised = -1; power > raised;) {
    raised = power;
    power = mean(powers.filter((each) => each >= ACTIVE_MARGIN * raised)); // only ever rises, and what is no number ends it
  }
  return power;
}

/** Mean squares of frames side by side; a last, partial one counts only where it is the only one. */
function framePowers(samples: Float32Array): Float64Array {
  const frames = Math.max(1, Math.floor(samples.length / FRAME_SAMPLES));
  return Float64Array.from({ length: frames }, (_, frame) => {
    const start = frame * FRAME_SAMPLES;
    const end = Math.min(start + FRAME_SAMPLES, samples.length);
    let energy = 0; // a plain loop: this runs over all noise that is mixed
    for (let n = start; n < end; n++) energy += samples[n] * samples[n];
    return energy / Math.max(1, end - start);
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
