// What a program takes: frames of our features, or raw samples at its own rate. Either way a recording becomes rows, of
// samples one number long.

import { featureSize, resample, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { FeatureStatistics, Frames } from "../../audio/index.ts";
import type { ModelInput } from "../acoustic-model.ts";
import { audible, frameInput } from "../model-frames.ts";
import type { OnnxDescription } from "./description.ts";

export interface Signal {
  readonly hopMs: number;
  readonly windowMs: number;
  /** From one row of what the program is fed to the next. */
  readonly rowMs: number;
  /** The order of axes that is usual for it. */
  readonly usualAxes: string;
  /** F, numbers in a row. */
  readonly rowSize: number;
  prepare(samples: Float32Array): ModelInput;
  /** A view that `prepare` made, as the program is fed it. [T, F] */
  feed(view: Frames): Promise<Frames>;
}

type InputOf<Name> = Extract<OnnxDescription["input"], { readonly name: Name }>;

export function openSignal(input: OnnxDescription["input"]): Signal {
  return input.name === "frames" ? framesSignal(input) : samplesSignal(input);
}

function framesSignal({ features, statistics }: InputOf<"frames">): Signal {
  const settings = { features, statistics: statistics && statisticsOf(statistics) };
  return {
    hopMs: features.hopMs,
    windowMs: features.windowMs,
    rowMs: features.hopMs,
    usualAxes: "BTF",
    rowSize: featureSize(features),
    prepare: (samples) => frameInput(samples, settings),
    feed: async (view) => view,
  };
}

const statisticsOf = (lists: {
  mean: readonly number[];
  deviation: readonly number[];
}): FeatureStatistics => ({
  mean: Float32Array.from(lists.mean),
  deviation: Float32Array.from(lists.deviation),
});

/** Of samples batches are packed by what a frame's hop usually is. */
const HOP_MS = 10;
const HOP_SAMPLES = (HOP_MS * SAMPLE_RATE_HZ) / 1000;

/** Views are samples at 16 kHz; the program's own rate comes in only with its run, which can wait for a resampler. */
function samplesSignal({ sampleRateHz, normalization, scale, windowMs }: InputOf<"samples">): Signal {
  const shortest = Math.ceil((windowMs * sampleRateHz) / 1000);
  return {
    hopMs: HOP_MS,
    windowMs,
    rowMs: 1000 / sampleRateHz,
    usualAxes: "BT",
    rowSize: 1,
    prepare(samples) {
      const sound = audible(samples);
      const view = { data: sound, frames: sound.length, size: 1 };
      return { length: Math.ceil(sound.length / HOP_SAMPLES), views: [view] };
    },
    async feed({ data }) {
      const own = await resample(data, SAMPLE_RATE_HZ, sampleRateHz);
      const scaled = normalization === "utterance" ? standardized(own) : own.map((sample) => scale * sample);
      const long = scaled.length >= shortest ? scaled : extended(scaled, shortest);
      return { data: long, frames: long.length, size: 1 };
    },
  };
}

const LEAST_VARIANCE = 1e-7; // as in the feature extractor of wav2vec 2.0

function standardized(samples: Float32Array): Float32Array {
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / samples.length;
  const deviation = Math.sqrt(variance + LEAST_VARIANCE);
  return samples.map((sample) => (sample - mean) / deviation);
}

function extended(samples: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(samples);
  return longer;
}
