// Recordings for tests: sweeping tones, and the bytes of a WAV file.

import { encodeWav } from "../../src/audio/index.ts";

export function sweep(seconds: number, rateHz = 16_000): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, (_, n) => {
    const t = n / rateHz;
    return 0.4 * Math.sin(2 * Math.PI * (200 + 900 * t) * t) * Math.sin(7 * t);
  });
}

export const waveFile = (samples: Float32Array, rateHz = 16_000): Uint8Array => encodeWav(samples, rateHz);
