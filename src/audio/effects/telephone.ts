// Speech through a telephone: 8 kHz, and few bits a sample. The output is as long as the input, and not delayed.

import { throughAdpcm } from "../formats/adpcm.ts";
import { MU_LAW } from "../formats/companding.ts";
import { resample, SAMPLE_RATE_HZ } from "../resample.ts";

const TELEPHONE_RATE_HZ = 8000;

const CODECS = {
  /** 64 kbit/s (ITU-T G.711) */
  "mu-law": throughMuLaw,
  /** 32 kbit/s */
  adpcm: throughAdpcm,
} as const;
export type TelephoneCodec = keyof typeof CODECS;
export const telephoneCodecs = Object.keys(CODECS) as readonly TelephoneCodec[] as readonly [
  TelephoneCodec,
  ...TelephoneCodec[],
];

/** `samples` at 16 kHz, sent through a codec at 8 kHz. */
export async function throughTelephone(samples: Float32Array, codec: TelephoneCodec): Promise<Float32Array> {
  const sent = await resample(samples, SAMPLE_RATE_HZ, TELEPHONE_RATE_HZ);
  const received = await resample(CODECS[codec](sent), TELEPHONE_RATE_HZ, SAMPLE_RATE_HZ);
  const output = new Float32Array(samples.length); // two roundings of the length may add or lose one sample
  output.set(received.subarray(0, output.length));
  return output;
}

/** Each sample as the nearest of the 256 levels, which is what G.711's thresholds, midway between them, choose. */
export function throughMuLaw(samples: Float32Array): Float32Array {
  const levels = MU_LAW.toSorted();
  return samples.map((sample) => {
    let [low, high] = [0, levels.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (levels[middle] <= sample) low = middle;
      else high = middle;
    }
    return sample - levels[low] < levels[high] - sample ? levels[low] : levels[high];
  });
}
