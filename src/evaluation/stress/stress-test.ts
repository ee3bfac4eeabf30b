// How a recognizer bears what its use will bring: the error rates of one test under each of the conditions, made on the fly
// from its own recordings. Knows nothing of what to do about them; the doctor does.

import { decodeAudio, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { Utterance } from "../../data/index.ts";
import { readWholeFile } from "../../platform/index.ts";
import { RandomStream } from "../../random.ts";
import type { Recognizer } from "../../recognizer/index.ts";
import { evaluate } from "../evaluate.ts";
import { CONDITIONS, type Condition } from "./conditions.ts";

/** Other speakers at once, in babble. */
const VOICES = 5;
/** So many utterances tell two points of word error rate apart well enough. */
const MOST_UTTERANCES = 200;

export interface ConditionRates {
  readonly name: string;
  readonly wer: number;
  readonly cer: number;
  /** Words of all references. */
  readonly words: number;
}

export interface StressOptions {
  /** Those of `CONDITIONS` by default; the first is what the others are compared with. */
  readonly conditions?: readonly Condition[];
  /** Of the noises and rooms, and of the choice of utterances; 1 by default. */
  readonly seed?: number;
  /** Utterances tested at most, drawn at random where there are more; 200 by default. */
  readonly most?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * One row a condition, in their order.
 * @throws what `evaluate` throws: a recording that cannot be read fails in every condition
 */
export async function stressTest(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { conditions = CONDITIONS, seed = 1, most = MOST_UTTERANCES, signal, onProgress }: StressOptions = {},
): Promise<ConditionRates[]> {
  const chosen = new RandomStream("stress", seed).shuffle([...utterances]).slice(0, most);
  const recordings = new Recordings(chosen);
  const total = conditions.length * chosen.length;
  const rows: ConditionRates[] = [];
  for (const [at, { name, change }] of conditions.entries()) {
    const { wer, cer, words } = await evaluate(recognizer, chosen, {
      signal,
      onProgress: ({ done }) => onProgress?.({ done: at * chosen.length + done, total }),
      sourceOf: async (utterance) => {
        const index = chosen.indexOf(utterance);
        const samples = await recordings.read(index);
        if (samples === undefined) return utterance.path; // the recognizer says what is wrong with it
        const voices = await recordings.voicesBeside(index);
        const changed = await change(samples, { seed: seedOf(seed, index), voices });
        return { samples: changed, sampleRateHz: SAMPLE_RATE_HZ };
      },
    });
    rows.push({ name, wer, cer, words });
  }
  return rows;
}

const seedOf = (seed: number, index: number): number => new RandomStream("stress", seed, index).bits();

/** The samples of a test, decoded once. */
class Recordings {
  readonly #utterances: readonly Utterance[];
  readonly #samples = new Map<number, Promise<Float32Array | undefined>>();

  constructor(utterances: readonly Utterance[]) {
    this.#utterances = utterances;
  }

  /** Undefined where it cannot be read. */
  read(index: number): Promise<Float32Array | undefined> {
    const known = this.#samples.get(index);
    if (known) return known;
    const { path } = this.#utterances[index];
    const read = decode(path).catch(() => undefined);
    this.#samples.set(index, read);
    return read;
  }

  /** Recordings of other speakers where speakers are known, else of other utterances. */
  async voicesBeside(index: number): Promise<Float32Array[]> {
    const { speaker } = this.#utterances[index];
    const count = this.#utterances.length;
    const others = Array.from({ length: count - 1 }, (_, step) => (index + 1 + step) % count);
    const strangers = others.filter((other) => this.#utterances[other].speaker !== speaker);
    const beside = (strangers.length > 0 ? strangers : others).slice(0, VOICES);
    const read = await Promise.all(beside.map((other) => this.read(other)));
    return read.filter((samples) => samples !== undefined && samples.length > 0) as Float32Array[];
  }
}

async function decode(path: string): Promise<Float32Array> {
  return (await decodeAudio(await readWholeFile(path), path)).samples;
}
