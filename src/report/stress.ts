// Some of the dev split under some conditions of use, for the page: as few utterances as the cost allows, for a page is made
// after every run.

import type { Utterance } from "../data/index.ts";
import { CONDITIONS, stressTest, type ConditionRates } from "../evaluation/index.ts";
import type { Recognizer } from "../recognizer/index.ts";

export interface StressResults {
  readonly utterances: number;
  /** Clean first. */
  readonly conditions: readonly ConditionRates[];
}

/** Of each kind what tells most, noises at the middle level. */
const SHOWN =
  "clean zeros-1s quiet-1s quiet-3s quiet-throughout level-30db-down white-10db pink-10db babble-10db room-small room-medium telephone codec-8k tempo-1.2 pitch-2-up clipped-10db speaker-behind-10db".split(
    " ",
  );
/** Silence around makes recordings longer. */
const LENGTHENED = 1.5;
/** Parameters times seconds of sound: some ten seconds of work for a core. */
const MOST_WORK = 2e9;
/** Of sound: what changes it takes some milliseconds a second, however small the network. */
const MOST_SECONDS = 900;
/** Fewer tell nothing; more are for `earshot test --stress`. */
const [LEAST_UTTERANCES, MOST_UTTERANCES] = [5, 30];

export interface StressPlan {
  readonly conditions: readonly string[];
  readonly utterances: number;
}

/** As much as is affordable; or why nothing is. */
export function planStress(utterances: number, meanSeconds: number, parameters: number): StressPlan | string {
  const seconds = LENGTHENED * meanSeconds * SHOWN.length; // of one utterance
  const affordable = Math.floor(Math.min(MOST_SECONDS / seconds, MOST_WORK / (seconds * parameters)));
  if (affordable < LEAST_UTTERANCES)
    return "The network or the recordings are too large to be tried in passing: earshot test --stress does it.";
  const conditions = CONDITIONS.map(({ name }) => name).filter((name) => SHOWN.includes(name));
  return { conditions, utterances: Math.min(utterances, affordable, MOST_UTTERANCES) };
}

/** @throws what `stressTest` throws */
export async function stressDevSplit(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  plan: StressPlan,
  { signal, onDone }: { readonly signal?: AbortSignal; readonly onDone: (done: number) => void },
): Promise<StressResults> {
  let [finished, within] = [0, 0];
  const { conditions, clean } = await stressTest(recognizer, utterances, {
    ...plan,
    signal,
    onProgress: ({ done }) => onDone(finished + (within = done)),
    onCondition: () => (finished += within),
  });
  return { utterances: clean.utterances, conditions };
}
