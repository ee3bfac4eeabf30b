// Mel-frequency cepstral coefficients (Davis & Mermelstein 1980): the cosine transform of log filter energies, which
// makes them nearly uncorrelated, and HTK's liftering (The HTK Book, 5.6), which evens out their sizes.

import type { Frames } from "./frames.ts";
import { isSilent, silence } from "./silent-frames.ts";

export interface CepstralShape {
  readonly bins: number;
  /** At most `bins`. */
  readonly coefficients: number;
  /** L of the lifter; 0 is none. */
  readonly lifter: number;
}

/** The transform as a matrix [coefficients, bins]: DCT-II with orthonormal rows, each row scaled by the lifter. */
export function cepstralTransform({ bins, coefficients, lifter }: CepstralShape): Float64Array {
  const matrix = new Float64Array(coefficients * bins);
  for (let k = 0; k < coefficients; k++) {
    const norm = Math.sqrt((k === 0 ? 1 : 2) / bins);
    const lift = lifter > 0 ? 1 + (lifter / 2) * Math.sin((Math.PI * k) / lifter) : 1;
    for (let bin = 0; bin < bins; bin++) {
      matrix[k * bins + bin] = lift * norm * Math.cos((Math.PI * k * (bin + 0.5)) / bins);
    }
  }
  return matrix;
}

/** output[k] = Σ matrix[k, bin] · logs[bin] in each frame; one without any signal stays so. */
export function transform(matrix: Float64Array, logs: Frames): Frames {
  const { frames, size: bins } = logs;
  const coefficients = matrix.length / bins;
  const output = { data: new Float32Array(frames * coefficients), frames, size: coefficients };
  for (let t = 0; t < frames; t++) {
    if (isSilent(logs, t)) {
      silence(output, t);
      continue;
    }
    for (let k = 0; k < coefficients; k++) {
      let sum = 0;
      for (let bin = 0; bin < bins; bin++) sum += matrix[k * bins + bin] * logs.data[t * bins + bin];
      output.data[t * coefficients + k] = sum;
    }
  }
  return output;
}
