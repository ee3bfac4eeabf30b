// How a recognizer bears what its use will bring: the error rates of one test under each of the conditions, made on the fly
// from its own recordings. What is random about an utterance follows from its name and the condition's, so that neither the
// order of the test nor what else is tried changes it. Knows nothing of what to do about it; the doctor does.

import { SAMPLE_RATE_HZ } from "../../audio/index.ts";
import type { Utterance } from "../../data/index.ts";
import { RandomStream } from "../../random.ts";
import type { Recognizer, Source } from "../../recognizer/index.ts";
import { evaluate, type Evaluation } from "../evaluate.ts";
import type { Failure } from "../references.ts";
import { CONDITIONS, conditionsNamed, type Condition } from "./conditions.ts";
import { drawByName, stableName, TestRecordings } from "./test-recordings.ts";

/** So many tell two points of word error rate apart well enough. */
export const STRESS_UTTERANCES = 200;

export interface ConditionRates {
  readonly name: string;
  readonly wer: number;
  readonly cer: number;
  /** Words of all references. */
  readonly words: number;
}

export interface StressTest {
  /** Clean first. */
  readonly conditions: readonly ConditionRates[];
  /** Of the recordings as they are. */
  readonly clean: Evaluation;
  /** Each once, whatever the conditions under which it failed. */
  readonly failures: readonly Failure[];
}

export interface StressProgress {
  readonly condition: string;
  /** Utterances of this condition. */
  readonly done: number;
  readonly total: number;
}

export interface StressOptions {
  /** Names of those wanted, besides clean; all by default. */
  readonly conditions?: readonly string[];
  /** Utterances tested at most, drawn at random where there are more; 200 by default. */
  readonly utterances?: number;
  /** Of all that is random; 1 by default. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StressProgress) => void;
  /** Called as each condition is done. */
  readonly onCondition?: (rates: ConditionRates) => void;
}

/**
 * One row a condition, clean first.
 * @throws UNKNOWN_CONDITION before any work; what `evaluate` throws
 */
export async function testUnderStress(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  options: StressOptions = {},
): Promise<StressTest> {
  const { seed = 1, onCondition } = options;
  const [clean, ...others] = options.conditions ? conditionsNamed(options.conditions) : CONDITIONS;
  const recordings = new TestRecordings(utterances, seed);
  const chosen = drawByName(utterances, options.utterances ?? STRESS_UTTERANCES, seed);
  const failures = new Map<Utterance, Failure>();
  const rows: ConditionRates[] = [];
  const run = async (condition: Condition): Promise<Evaluation> => {
    const hearable = chosen.filter((utterance) => !failures.has(utterance));
    const evaluation = await evaluateUnder(condition, recognizer, hearable, recordings, { ...options, seed });
    for (const failure of evaluation.failures) failures.set(failure.utterance, failure);
    const { wer, cer, words } = evaluation;
    rows.push({ name: condition.name, wer, cer, words });
    onCondition?.(rows.at(-1)!);
    return evaluation;
  };
  const asTheyAre = await run(clean);
  for (const condition of others) await run(condition);
  return { conditions: rows, clean: asTheyAre, failures: [...failures.values()] };
}

function evaluateUnder(
  { name, kind, change }: Condition,
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  recordings: TestRecordings,
  { seed, signal, onProgress }: StressOptions & { readonly seed: number },
): Promise<Evaluation> {
  const sourceOf = async (utterance: Utterance): Promise<Source> => {
    signal?.throwIfAborted();
    const samples = kind === "clean" ? undefined : await recordings.read(utterance);
    if (samples === undefined) return utterance.path; // the recognizer says what is wrong with it, if anything
    const own = new RandomStream("stress", seed, name, stableName(utterance)).bits();
    const voices = (most: number) => recordings.voicesBeside(utterance, samples, most, own);
    return { samples: await change(samples, { seed: own, voices }), sampleRateHz: SAMPLE_RATE_HZ };
  };
  return evaluate(recognizer, utterances, {
    signal,
    sourceOf,
    onProgress: ({ done, total }) => onProgress?.({ condition: name, done, total }),
  });
}
