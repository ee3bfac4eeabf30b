// Several models as one, whose probabilities are averaged; each may take the recording three times (Hannun et al. 2014,
// section 4.1: translated by half a step of the filter bank to the left and to the right). Knows nothing of decoding, nor
// of what its models are.

import { SAMPLE_RATE_HZ } from "../audio/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import type { Alphabet, TranscriptPolicy } from "../text/index.ts";
import type { AcousticModel, ModelDecoding, ModelInput } from "./acoustic-model.ts";
import { audible } from "./model-frames.ts";

/** How far a recording is moved before it is taken again. */
const JITTER_MS = [0, -5, 5];

export interface EnsembleOptions {
  /**
   * Takes each recording also 5 ms earlier and 5 ms later, and averages (Hannun et al. 2014, section 4.1): three times the
   * work, for some tenths of a point of WER.
   */
  readonly jitter?: boolean;
}

/** What is no matter of averaging is as its first model says: how texts are spelled, and how they are decoded. */
export class EnsembleModel implements AcousticModel {
  readonly models: readonly AcousticModel[];
  readonly viewCount: number;
  readonly #first: AcousticModel;
  readonly #shifts: readonly number[]; // samples

  /** `close` closes the models. @throws EarshotError ENSEMBLE_MISMATCH */
  constructor(models: readonly AcousticModel[], { jitter = false }: EnsembleOptions = {}) {
    for (const model of models) checkAgreement(models[0], model);
    this.models = models;
    this.#first = models[0];
    this.#shifts = (jitter ? JITTER_MS : [0]).map((ms) => Math.round((ms * SAMPLE_RATE_HZ) / 1000));
    this.viewCount = models.reduce((sum, model) => sum + model.viewCount, 0) * this.#shifts.length;
  }

  get alphabet(): Alphabet {
    return this.#first.alphabet;
  }

  get transcript(): TranscriptPolicy {
    return this.#first.transcript;
  }

  get stepMs(): number {
    return this.#first.stepMs;
  }

  get hopMs(): number {
    return this.#first.hopMs;
  }

  get windowMs(): number {
    return this.#first.windowMs;
  }

  get decoding(): ModelDecoding {
    return this.#first.decoding;
  }

  /** Of all models together. */
  get parameters(): number {
    return this.models.reduce((sum, { parameters }) => sum + parameters, 0);
  }

  /** Each once: models on one engine say the same of it. */
  get warnings(): readonly Warning[] {
    const all = this.models.flatMap(({ warnings }) => warnings);
    return all.filter(
      ({ code, message }, i) =>
        all.findIndex((other) => other.code === code && other.message === message) === i,
    );
  }

  /** Views in the order of the models, of each those of each shift. */
  prepare(samples: Float32Array): ModelInput {
    const sound = audible(samples);
    const inputs = this.models.flatMap((model) =>
      this.#shifts.map((shift) => model.prepare(shifted(sound, shift))),
    );
    return { length: inputs[0].length, views: inputs.flatMap(({ views }) => views) };
  }

  async logProbabilities(batch: readonly ModelInput[]): Promise<Float32Array[]> {
    const rows = batch.map((): Float32Array[] => []); // of each utterance: [models × shifts][T' × V]
    let view = 0;
    for (const model of this.models)
      for (let shift = 0; shift < this.#shifts.length; shift++) {
        const [from, to] = [view, view + model.viewCount];
        const part = batch.map(({ length, views }) => ({ length, views: views.slice(from, to) }));
        (await model.logProbabilities(part)).forEach((own, b) => rows[b].push(own));
        view = to;
      }
    return rows.map(averageProbabilities);
  }

  async close(): Promise<void> {
    await Promise.all(this.models.map((model) => model.close()));
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
  if (views.length === 1) return views[0];
  const length = Math.min(...views.map((view) => view.length));
  return Float32Array.from({ length }, (_, i) => {
    let sum = 0;
    for (const view of views) sum += Math.exp(view[i]);
    return Math.log(sum / views.length);
  });
}

function checkAgreement(first: AcousticModel, other: AcousticModel): void {
  const [symbols, others] = [first.alphabet.symbols, other.alphabet.symbols];
  if (symbols.length !== others.length || symbols.some((symbol, k) => symbol !== others[k]))
    throw mismatch("They have different alphabets, or the same symbols in another order.");
  if (first.stepMs !== other.stepMs)
    throw mismatch(
      `One takes a step every ${first.stepMs} ms, another every ${other.stepMs} ms (hop × stride).`,
    );
}

function mismatch(problem: string): EarshotError {
  return new EarshotError({
    code: "ENSEMBLE_MISMATCH",
    where: "models",
    problem: `The models cannot be averaged. ${problem}`,
    remedy: "Give models that were trained with the same alphabet, hop and stride.",
  });
}
