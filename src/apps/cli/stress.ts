// A stress test for a person to watch: a line for each condition as it is done, with what it costs against clean.

import { InvalidArgumentError, Option } from "commander";
import type { Utterance } from "../../data/index.ts";
import type { ConditionRates, Evaluation, StressProgress } from "../../evaluation/index.ts";
import type { Recognizer } from "../../recognizer/index.ts";
import type { Session } from "./session.ts";

export interface StressFlags {
  readonly conditions?: readonly string[];
  readonly stressUtterances?: number;
}

export const conditionsOption = (): Option =>
  new Option(
    "--conditions <name,…>",
    "only these of --stress, beside clean: docs/cli.md lists them",
  ).argParser((list) => list.split(",").map((name) => name.trim()));

export const stressUtterancesOption = (): Option =>
  new Option(
    "--stress-utterances <n>",
    "tested under each condition of --stress at most, drawn at random; 200 by default",
  ).argParser(parseUtterances);

function parseUtterances(text: string): number {
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count > 0) return count;
  throw new InvalidArgumentError("It is a whole number of at least 1, such as 50.");
}

/** Before anything is read. @throws UNKNOWN_CONDITION */
export async function checkConditions(names: readonly string[] = []): Promise<void> {
  const { conditionsNamed } = await import("../../evaluation/index.ts");
  conditionsNamed(names);
}

/** What was measured of the recordings as they are, with the rates under each condition and all that failed. */
export async function stress(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { conditions: names, stressUtterances }: StressFlags,
  { output, signal }: Session,
): Promise<Evaluation & { readonly conditions: readonly ConditionRates[] }> {
  const { CONDITIONS, conditionsNamed, formatCondition, STRESS_UTTERANCES, stressTest } =
    await import("../../evaluation/index.ts");
  const order = (names ? conditionsNamed(names) : CONDITIONS).map(({ name }) => name);
  const most = stressUtterances ?? STRESS_UTTERANCES;
  if (utterances.length > most) output.note(`${most} of ${utterances.length} utterances, drawn at random`);
  let clean: ConditionRates | undefined;
  const test = await stressTest(recognizer, utterances, {
    conditions: names,
    utterances: most,
    signal,
    onProgress: (progress) => output.progress(progressLine(progress, order)),
    onCondition: (rates) => {
      clean ??= rates;
      if (!output.json) output.write(formatCondition(rates, clean));
    },
  });
  return { ...test.clean, failures: test.failures, conditions: test.conditions };
}

const progressLine = ({ condition, done, total }: StressProgress, order: readonly string[]): string =>
  `testing ${condition} (${order.indexOf(condition) + 1}/${order.length}) ${done}/${total}`;
