// A model that takes each recording three times, also translated by half a step of the filter bank to the left and to the
// right, and averages the probabilities (Hannun et al. 2014, section 4.1). One network says a symbol at the same step of
// all three, so that its rows can be averaged; those of several networks cannot (ensemble.ts). Knows nothing of decoding.

import { SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { Warning } from "../errors.ts";
import type { Alphabet, TranscriptPolicy } from "../text/index.ts";
import type { AcousticModel, ModelDecoding, ModelInput } from "./acoustic-model.ts";
import { audible } from "./model-frames.ts";

/** How far a recording is moved before it is taken again. */
const JITTER_MS = [0, -5, 5];
const SHIFTS = JITTER_MS.map((ms) => Math.round((ms * SAMPLE_RATE_HZ) / 1000)); // samples

/** Three times the work, for some tenths of a point of WER. */
export class JitteredModel implements AcousticModel {
  readonly alphabet: Alphabet;
  readonly transcript: TranscriptPolicy;
  readonly stepMs: number;
  readonly hopMs: number;
  readonly windowMs: number;
  readonly viewCount: number;
  readonly parameters: number;
  readonly warnings: readonly Warning[];
  readonly decoding: ModelDecoding;
  readonly #model: AcousticModel;

  /** `close` closes the model. */
  constructor(model: AcousticModel) {
    this.#model = model;
    this.alphabet = model.alphabet;
    this.transcript = model.transcript;
    this.stepMs = model.stepMs;
    this.hopMs = model.hopMs;
    this.windowMs = model.windowMs;
    this.viewCount = model.viewCount * SHIFTS.length;
    this.parameters = model.parameters;
    this.warnings = model.warnings;
    this.decoding = model.decoding;
  }

  prepare(samples: Float32Array): ModelInput {
    const sound = audible(samples);
    const inputs = SHIFTS.map((shift) => this.#model.prepare(shifted(sound, shift)));
    return { length: inputs[0].length, views: inputs.flatMap(({ views }) => views) };
  }

  async logProbabilities(batch: readonly ModelInput[]): Promise<Float32Array[]> {
    const rows = batch.map((): Float32Array[] => []); // of each utterance: [shifts][T' × V]
    const { viewCount } = this.#model;
    for (let shift = 0; shift < SHIFTS.length; shift++) {
      const [from, to] = [shift * viewCount, (shift + 1) * viewCount];
      const part = batch.map(({ length, views }) => ({ length, views: views.slice(from, to) }));
      (await this.#model.logProbabilities(part)).forEach((own, b) => rows[b].push(own));
    }
    return rows.map(averageProbabilities);
  }

  close(): Promise<void> {
    return this.#model.close();
  }
}

/** As long as before: what leaves at one end is silence at the other. */
function shifted(samples: Float32Array, by: number): Float32Array {
  if (by === 0) return samples;
  const moved = new Float32Array(samples.length);
  if (by > 0) moved.set(samples.subarray(0, Math.max(0, samples.length - by)), Math.min(by, samples.length));
  else moved.set(samples.subarray(-by));
  return moved;
}

/** ln of the mean of probabilities, in as many steps as all views have. */
function averageProbabilities(views: readonly Float32Array[]): Float32Array {
  const length = Math.min(...views.map((view) => view.length));
  return Float32Array.from({ length }, (_, i) => {
    let sum = 0;
    for (const view of views) sum += Math.exp(view[i]);
    return Math.log(sum / views.length);
  });
}
