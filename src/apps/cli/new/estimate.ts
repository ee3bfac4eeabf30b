// How long it will take, before it starts: a few recordings are spoken, and training is reckoned by its utterances.

import { join } from "../../../platform/index.ts";
import type { Session } from "../session.ts";
import { runCommand, type RunCommandLine } from "./command.ts";
import type { NewPlan } from "./whole-plan.ts";
import {
  TEST_NEGATIVE_VOICES,
  TRAIN_NEGATIVE_VOICES,
  voiceFlags,
  type Amounts,
  type NewRequest,
} from "./plan.ts";
import type { PlannedTraining } from "./training-settings.ts";

/** Of one core, for an utterance that is learned from: bench/RESULTS.md, "From words to a recognizer". */
const SECONDS_PER_PRESENTATION = 0.0078;
const SECONDS_PER_PRESENTATION_AND_WEIGHT = 3.8e-9;
const SECONDS_PER_TESTED = 0.03;

export interface Estimate {
  readonly speakSeconds: number;
  readonly trainSeconds: number;
  readonly testSeconds: number;
}

/** @throws EarshotError of the engines */
export async function estimate(
  out: string,
  { request, amounts, training }: Pick<NewPlan, "request" | "amounts" | "training">,
  run: RunCommandLine,
  session: Session,
): Promise<Estimate> {
  const { sentences, negativesTest } = amounts;
  const dryRun = (texts: readonly string[], perSentence: number): Promise<Planned> =>
    dryRunOf(
      texts,
      ["--per-sentence", `${perSentence}`, "--out", join(out, "spoken")],
      request,
      run,
      session,
    );
  const own = await dryRun(sentences, request.voices);
  return {
    speakSeconds: own.seconds + (await negativeSeconds(amounts, dryRun)),
    trainSeconds: training === undefined ? 0 : await trainSeconds(training),
    testSeconds: SECONDS_PER_TESTED * TEST_NEGATIVE_VOICES * negativesTest.length,
  };
}

async function trainSeconds({ checked: { settings }, utterances }: PlannedTraining): Promise<number> {
  const { parameterCount } = await import("../../../training/index.ts");
  const isMade = typeof settings.alphabet === "string"; // of the data, about as many symbols as English has
  const weights = parameterCount(isMade ? { ...settings, alphabet: "english" } : settings);
  const each = SECONDS_PER_PRESENTATION + SECONDS_PER_PRESENTATION_AND_WEIGHT * weights;
  return settings.epochs * utterances * each;
}

interface Planned {
  readonly seconds: number;
}

async function dryRunOf(
  texts: readonly string[],
  flags: readonly string[],
  request: NewRequest,
  run: RunCommandLine,
  session: Session,
): Promise<Planned> {
  const argv = ["data", "speak", ...operands(texts), ...flags, ...voiceFlags(request), "--dry-run"];
  return (await runCommand(argv, run, session)) as unknown as Planned;
}

/** They are timed by themselves: what was measured of two or three short commands, times hundreds, would be noise. */
async function negativeSeconds(
  { negativesTrain, negativesTest }: Amounts,
  dryRun: (texts: readonly string[], perSentence: number) => Promise<Planned>,
): Promise<number> {
  const [inTraining, inTests] = [operands(negativesTrain), operands(negativesTest)];
  const all = [...inTraining, ...inTests];
  if (all.length === 0) return 0;
  const { seconds } = await dryRun(all, 1);
  const characters =
    TRAIN_NEGATIVE_VOICES * charactersIn(inTraining) + TEST_NEGATIVE_VOICES * charactersIn(inTests);
  return (seconds * characters) / charactersIn(all);
}

/** Those that are no options. */
const operands = (texts: readonly string[]): string[] => texts.filter((text) => !text.startsWith("-"));

const charactersIn = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);
