// One model, or several on the same recordings: what each says of a recording, with its weight. Their networks,
// features and steps may differ, and they say a symbol at different moments, so nothing of it is averaged here: decoders
// combine what they say of a text (ctc/decoder/joint-search.ts). Knows nothing of decoding, nor of what its models are.

import type { Frames } from "../audio/index.ts";
import type { Emission } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import type { Alphabet } from "../text/index.ts";
import type { AcousticModel, AcousticStream, ModelInput } from "./acoustic-model.ts";
import { JitteredModel } from "./jittered-model.ts";

export interface EnsembleOptions {
  /** Each model takes a recording three times (jittered-model.ts). */
  readonly jitter?: boolean;
  /** How much each model counts, above 0, whatever their sum; all the same when not given. */
  readonly weights?: readonly number[];
  /** What each is called in errors, such as its path; by its place among them where there is none. */
  readonly names?: readonly (string | undefined)[];
}

/** A recording, or a piece of one, as each of the models takes it. */
export interface EnsembleInput {
  /** In hops of `hopMs`. */
  readonly length: number;
  readonly inputs: readonly ModelInput[];
}

/** What is no matter of combining is as its first model says. */
export class Ensemble {
  readonly alphabet: Alphabet;
  /** From one row of the first model to the next. */
  readonly stepMs: number;
  /** From one unit of `EnsembleInput.length` to the next. */
  readonly hopMs: number;
  /** Length of the least that every model makes a frame of. */
  readonly windowMs: number;
  /** Of the models, each once: models on one engine say the same of it. */
  readonly warnings: readonly Warning[];
  /** Absent where a model needs the whole utterance before its first row, and where there are several. */
  readonly openStream?: () => AcousticStream;
  readonly #models: readonly AcousticModel[];
  readonly #weights: readonly number[];

  /** `close` closes the models. @throws EarshotError ENSEMBLE_MISMATCH */
  constructor(
    models: readonly AcousticModel[],
    { jitter = false, weights, names = [] }: EnsembleOptions = {},
  ) {
    const [first] = models;
    const called = models.map((_, m) => names[m] ?? `model ${m + 1}`);
    models.forEach(({ alphabet }, m) => checkAlphabets(first.alphabet, alphabet, called[0], called[m]));
    this.#models = jitter ? models.map((model) => new JitteredModel(model)) : models;
    this.#weights = sharesOf(weights ?? models.map(() => 1), called);
    this.alphabet = first.alphabet;
    this.stepMs = first.stepMs;
    this.hopMs = first.hopMs;
    this.windowMs = Math.max(...models.map(({ windowMs }) => windowMs));
    this.warnings = distinct(models.flatMap(({ warnings }) => warnings));
    if (models.length === 1 && !jitter) this.openStream = first.openStream?.bind(first);
  }

  prepare(samples: Float32Array): EnsembleInput {
    const inputs = this.#models.map((model) => model.prepare(samples));
    return { length: inputs[0].length, inputs };
  }

  /** Frames that `prepare` of a model made. @throws SAMPLES_NEEDED where there are several models, or jitter */
  ofFrames(frames: Frames): EnsembleInput {
    if (this.#models.length > 1 || this.#models[0].viewCount > 1) throw samplesNeeded();
    return { length: frames.frames, inputs: [{ length: frames.frames, views: [frames] }] };
  }

  /** One batch: of each utterance what every model says. @throws NOT_FINITE */
  async emissions(batch: readonly EnsembleInput[]): Promise<(readonly Emission[])[]> {
    const emissions = batch.map((): Emission[] => []);
    for (const [m, model] of this.#models.entries()) {
      const rows = await model.logProbabilities(batch.map(({ inputs }) => inputs[m]));
      rows.forEach((own, b) => emissions[b].push(this.emission(own, m)));
    }
    return emissions;
  }

  /** Rows of a model, with what else decoders need to know. @param index of the model */
  emission(rows: Float32Array, index = 0): Emission {
    return { rows, stepMs: this.#models[index].stepMs, weight: this.#weights[index] };
  }

  async close(): Promise<void> {
    await Promise.all(this.#models.map((model) => model.close()));
  }
}

function distinct(warnings: readonly Warning[]): Warning[] {
  const isFirst = ({ code, message }: Warning, i: number) =>
    warnings.findIndex((other) => other.code === code && other.message === message) === i;
  return warnings.filter(isFirst);
}

/** Weights whose sum is 1, so that a language model weighs the same beside any number of models. */
function sharesOf(weights: readonly number[], models: readonly string[]): number[] {
  if (weights.length !== models.length)
    throw mismatch(
      models.join(" + "),
      `Models: ${models.length}, weights: ${weights.length}.`,
      "Give one weight for each model.",
    );
  const wrong = weights.findIndex((weight) => !(weight > 0 && Number.isFinite(weight)));
  if (wrong >= 0)
    throw mismatch(
      models[wrong],
      `Its weight is ${weights[wrong]}.`,
      "Give weights above 0, or leave a model out.",
    );
  const sum = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / sum);
}

function checkAlphabets(
  { symbols: expected }: Alphabet,
  { symbols }: Alphabet,
  first: string,
  name: string,
): void {
  const length = Math.max(symbols.length, expected.length);
  const k = Array.from({ length }, (_, index) => index).find((index) => symbols[index] !== expected[index]);
  if (k === undefined) return;
  const symbolAt = (list: readonly string[]): string => (k < list.length ? JSON.stringify(list[k]) : "none");
  throw mismatch(
    name,
    `Its alphabet is not that of ${first}: ${symbols.length} symbols for ${expected.length}, and symbol ${k + 1} is ${symbolAt(symbols)} for ${symbolAt(expected)}.`,
    "Give models that were trained with the same alphabet, in the same order.",
  );
}

function mismatch(where: string, problem: string, remedy: string): EarshotError {
  const sentence = `The models cannot be combined. ${problem}`;
  return new EarshotError({ code: "ENSEMBLE_MISMATCH", where, problem: sentence, remedy });
}

function samplesNeeded(): EarshotError {
  return new EarshotError({
    code: "SAMPLES_NEEDED",
    where: "frames",
    problem: "Frames are those of one model without jitter; several models, or jitter, compute their own.",
    remedy: "Give samples, or the recording itself.",
  });
}
