// IMA ADPCM (Interactive Multimedia Association, "Recommended Practices for Enhancing Digital Audio Compatibility", 1992):
// four bits a sample, each the difference from the last one in steps whose size follows the signal. Encoder and decoder
// keep the same state, so that the decoder's output is known while encoding.

const FULL_SCALE = 2 ** 15;

/** 89 step sizes, each about a tenth larger than the one before; the last ones are cut off by 15 bits. */
const STEP_SIZES = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97,
  107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724,
  796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026,
  4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500,
  20350, 22385, 24623, 27086, 29794, 32767,
];
/** By the three bits of magnitude: how many step sizes up or down. */
const STEP_CHANGES = [-1, -1, -1, -1, 2, 4, 6, 8];

/** Samples in [-1, 1] as they sound after four bits each. */
export function throughAdpcm(samples: Float32Array): Float32Array {
  let predicted = 0;
  let size = 0;
  return samples.map((sample) => {
    const difference = FULL_SCALE * sample - predicted;
    const { magnitude, change } = quantize(Math.abs(difference), STEP_SIZES[size]);
    predicted = clamp(predicted + (difference < 0 ? -change : change), -FULL_SCALE, FULL_SCALE - 1);
    size = clamp(size + STEP_CHANGES[magnitude], 0, STEP_SIZES.length - 1);
    return predicted / FULL_SCALE;
  });
}

/** Three bits, worth a step, half of it and a quarter; half a quarter is always added, the middle of the range. */
function quantize(distance: number, step: number): { magnitude: number; change: number } {
  let [magnitude, change, rest] = [0, step >> 3, distance];
  for (let bit = 4, part = step; bit > 0; bit >>= 1, part >>= 1) {
    if (rest < part) continue;
    magnitude |= bit;
    change += part;
    rest -= part;
  }
  return { magnitude, change };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
