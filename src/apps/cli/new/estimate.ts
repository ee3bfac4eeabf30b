// How long it will take, before it starts: a few recordings are spoken, and training is reckoned by its utterances.

import { join } from "../../../platform/index.ts";
import type { Session } from "../session.ts";
import { runCommand, type RunCommandLine } from "./command.ts";
import {
  TEST_NEGATIVE_VOICES,
  TRAIN_NEGATIVE_VOICES,
  voiceFlags,
  type Amounts,
  type NewRequest,
} from "./plan.ts";
import { epochsFor } from "./training-settings.ts";
import { tooFewVoices } from "./voices-needed.ts";

/** Of one core, as measured in docs/new.md. */
const SECONDS_PER_PRESENTATION = 0.008;
const SECONDS_PER_TESTED = 0.03;

export interface Estimate {
  readonly speakSeconds: number;
  readonly trainSeconds: number;
  /** Training, tuning and tests, beside speaking. */
  readonly testSeconds: number;
}

/** Shares of the speakers that are held back. */
const HELD_BACK = 0.2;

export const utterancesPerEpoch = ({ voices }: NewRequest, { sentences, negativesTrain }: Amounts): number =>
  Math.round((1 - HELD_BACK) * voices * sentences.length) + TRAIN_NEGATIVE_VOICES * negativesTrain.length;

/** @throws EarshotError TOO_FEW_VOICES, and of the engines */
export async function estimate(
  out: string,
  request: NewRequest,
  amounts: Amounts,
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
  if (["train", "dev", "test"].some((split) => !(split in own.splits)))
    throw await tooFewVoices(request, sentences, session);
  const presentations =
    utterancesPerEpoch(request, amounts) * epochsFor(utterancesPerEpoch(request, amounts));
  return {
    speakSeconds: own.seconds + (await negativeSeconds(amounts, dryRun)),
    trainSeconds: SECONDS_PER_PRESENTATION * presentations,
    testSeconds: SECONDS_PER_TESTED * TEST_NEGATIVE_VOICES * negativesTest.length,
  };
}

interface Planned {
  readonly splits: Readonly<Record<string, unknown>>;
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
