// Samples → log-probabilities, by one model or by several whose probabilities are averaged, each hearing the recording
// once or three times (Hannun et al. 2014, section 4.1: translated by half a step of the filter bank to the left and to
// the right). Knows nothing of decoding, nor of where samples come from.

import type { Frames } from "../audio/index.ts";
import { SAMPLE_RATE_HZ } from "../audio/index.ts";
import { logProbabilities } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { AcousticModel } from "../model/index.ts";
import type { Alphabet } from "../text/index.ts";

/** How far a recording is moved to be heard again. */
const JITTER_MS = [0, -5, 5];

export class Listener {
  readonly models: readonly AcousticModel[];
  readonly #shifts: readonly number[]; // samples

  /** @throws EarshotError ENSEMBLE_MISMATCH */
  constructor(models: readonly AcousticModel[], jitter: boolean) {
    for (const model of models) checkAgreement(models[0], model);
    this.models = models;
    this.#shifts = (jitter ? JITTER_MS : [0]).map((ms) => Math.round((ms * SAMPLE_RATE_HZ) / 1000));
  }

  get alphabet(): Alphabet {
    return this.models[0].file.alphabet;
  }

  /** From one step of the network to the next. */
  get stepMs(): number {
    return stepMsOf(this.models[0]);
  }

  /** How often a recording is heard. */
  get viewCount(): number {
    return this.models.length * this.#shifts.length;
  }

  /** The frames of each hearing: of each model, those of each shift. @param samples mono at 16 kHz */
  views(samples: Float32Array): Frames[] {
    const silent = samples.every((sample) => sample === 0); // normalized silence would be heard as letters
    const audible = silent ? samples.subarray(0, 0) : samples;
    return this.models.flatMap((model) =>
      this.#shifts.map((shift) => model.features(shifted(audible, shift))),
    );
  }

  /** One batch. @param batch [B][views] @returns [B][T', V], natural logarithms */
  async logProbabilities(batch: readonly (readonly Frames[])[]): Promise<Float32Array[]> {
    const heard = batch.map((): Float32Array[] => []);
    for (let view = 0; view < this.viewCount; view++) {
      const model = this.models[Math.floor(view / this.#shifts.length)];
      const { logits, steps } = await model.logits(batch.map((views) => views[view]));
      const rows = logProbabilities(logits, { steps, symbols: this.alphabet.size });
      rows.forEach((own, b) => heard[b].push(own));
    }
    return heard.map(averageProbabilities);
  }

  async close(): Promise<void> {
    await Promise.all(this.models.map((model) => model.close()));
  }
}

const stepMsOf = ({ file }: AcousticModel): number => file.features.hopMs * file.architecture.network.stride;

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
  const [symbols, others] = [first.file.alphabet.symbols, other.file.alphabet.symbols];
  if (symbols.length !== others.length || symbols.some((symbol, k) => symbol !== others[k]))
    throw mismatch("They have different alphabets, or the same symbols in another order.");
  const [steps, otherSteps] = [stepMsOf(first), stepMsOf(other)];
  if (steps !== otherSteps)
    throw mismatch(`One takes a step every ${steps} ms, another every ${otherSteps} ms (hop × stride).`);
}

function mismatch(problem: string): EarshotError {
  return new EarshotError({
    code: "ENSEMBLE_MISMATCH",
    where: "models",
    problem: `The models cannot be averaged. ${problem}`,
    remedy: "Give models that were trained with the same alphabet, hop and stride.",
  });
}
