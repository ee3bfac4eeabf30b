// What a trained model makes of some of the recordings as they are, and under conditions of use. A model that does not hear
// them as they are is not tried further.

import type { Utterance } from "../../data/index.ts";
import { CONDITIONS, stressTest, type ConditionRates, type StressOptions } from "../../evaluation/index.ts";
import type { Recognizer } from "../../recognizer/index.ts";
import type { SoundMeasures } from "./sound.ts";

export interface HeardUnderStress {
  readonly utterances: number;
  /** Clean first; alone where the model does not hear even that. */
  readonly conditions: readonly ConditionRates[];
}

/** Some ten seconds of work for a network of a few million weights. */
const MOST_UTTERANCES = 30;
const MOST_SECONDS = 30; // of one
/** Of words that are wrong as they are: above, the model is none for these recordings. */
export const UNHEARD = 0.5;
/** What such a model leaves to be wished. */
export const HEARING_MODEL = "a model that hears what is said in these recordings";
/** Whoever shouts over speech is no fault of the model. */
const HOPELESS = /-0db$/;

/** Of the test split where there is one, else of dev, else of all; undefined where all are long. */
export async function measureStress(
  recognizer: Recognizer,
  measured: readonly (Utterance & { readonly sound: Pick<SoundMeasures, "seconds"> })[],
  options: Pick<StressOptions, "onProgress" | "signal"> = {},
): Promise<HeardUnderStress | undefined> {
  const rows = ["test", "dev"].map((name) => measured.filter(({ split }) => split === name));
  const [chosen = measured] = rows.filter(({ length }) => length > 0);
  const short = chosen.filter(({ sound }) => sound.seconds <= MOST_SECONDS);
  if (short.length === 0) return undefined;
  const names = CONDITIONS.map(({ name }) => name).filter((name) => !HOPELESS.test(name));
  const test = (conditions: readonly string[]) =>
    stressTest(recognizer, short, { ...options, conditions, utterances: MOST_UTTERANCES });
  const { clean, conditions } = await test([]);
  const isHeard = clean.wer <= UNHEARD;
  return {
    utterances: clean.utterances,
    conditions: isHeard ? (await test(names)).conditions : conditions,
  };
}
