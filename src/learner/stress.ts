// A learner's model under conditions of use, a line for each as it is done.

import type { Utterance } from "../data/index.ts";
import { formatCondition, stressTest, type ConditionRates, type StressOptions } from "../evaluation/index.ts";
import type { Recognizer } from "../recognizer/index.ts";
import type { Screen } from "./screen.ts";

/** Which conditions, on how many utterances. */
export type StressChoice = Pick<StressOptions, "conditions" | "utterances" | "signal">;

/** @throws what `stressTest` throws */
export async function stressOnScreen(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  choice: StressChoice,
  screen: Screen,
): Promise<readonly ConditionRates[]> {
  let clean: ConditionRates | undefined;
  const { conditions } = await stressTest(recognizer, utterances, {
    ...choice,
    onProgress: ({ condition, done, total }) => screen.progress(`evaluating ${condition} ${done}/${total}`),
    onCondition: (rates) => screen.write(formatCondition(rates, (clean ??= rates))),
  });
  return conditions;
}
