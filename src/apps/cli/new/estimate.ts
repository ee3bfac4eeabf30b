// How long it will take, before it starts: a few recordings are spoken, and training is reckoned by its utterances.

import { EarshotError } from "../../../errors.ts";
import { join } from "../../../platform/index.ts";
import type { Session } from "../session.ts";
import { runCommand, type RunCommandLine } from "./command.ts";
import { LEARNED_VOICES, MEASURED_VOICES, voiceFlags, type Amounts, type NewRequest } from "./plan.ts";
import { epochsFor } from "./training-settings.ts";

/** Of one core, as measured in docs/new.md. */
const SECONDS_PER_LEARNED = 0.008;
const SECONDS_PER_TESTED = 0.03;

export interface Estimate {
  readonly speakSeconds: number;
  readonly trainSeconds: number;
  /** Training, tuning and tests, beside speaking. */
  readonly testSeconds: number;
}

/** Shares of the speakers that are held back. */
const HELD_BACK = 0.2;

/** Utterances that are learned from in an epoch. */
export const learnedIn = ({ voices }: NewRequest, { sentences, learned }: Amounts): number =>
  Math.round((1 - HELD_BACK) * voices * sentences.length) + LEARNED_VOICES * learned.length;

/** @throws EarshotError TOO_FEW_VOICES, and of the engines */
export async function estimate(
  out: string,
  request: NewRequest,
  amounts: Amounts,
  run: RunCommandLine,
  session: Session,
): Promise<Estimate> {
  const { sentences, learned, measured } = amounts;
  const tried = sentences.filter((text) => !text.startsWith("-"));
  const argv = ["data", "speak", ...tried, "--per-sentence", `${request.voices}`, ...voiceFlags(request)];
  const planned = (await runCommand([...argv, "--out", join(out, "spoken"), "--dry-run"], run, session)) as {
    readonly splits: Readonly<Record<string, unknown>>;
    readonly seconds: number;
    readonly toMake: number;
  };
  if (["train", "dev", "test"].some((split) => !(split in planned.splits))) throw tooFewVoices(request);
  const own = request.voices * charactersIn(tried) || 1;
  const others = LEARNED_VOICES * charactersIn(learned) + MEASURED_VOICES * charactersIn(measured);
  const presentations = learnedIn(request, amounts) * epochsFor(learnedIn(request, amounts));
  return {
    speakSeconds: planned.seconds * (1 + others / own),
    trainSeconds: SECONDS_PER_LEARNED * presentations,
    testSeconds: SECONDS_PER_TESTED * MEASURED_VOICES * measured.length,
  };
}

const charactersIn = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);

const tooFewVoices = ({ voices, engines }: NewRequest): EarshotError =>
  new EarshotError({
    code: "TOO_FEW_VOICES",
    where: engines.map(({ name }) => name).join(", "),
    problem: `With ${voices} voices a sentence, none are left over to choose the model by (dev) and to test it.`,
    remedy: "Give more --voices, more sentences, or an engine with more speakers.",
  });
