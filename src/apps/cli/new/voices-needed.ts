// How many voices a sentence needs, so that some speaker of train says each, and some of dev and test say one.

import { EarshotError } from "../../../errors.ts";
import type { PlannedUtterance } from "../../../synthesis/index.ts";
import { USUAL_SPEECH, weightsOfEngines } from "../speak-options.ts";
import type { SpeechCast } from "./engines.ts";

/** By then every speaker has had a turn, or there are too few. */
const MOST_VOICES = 300;

/** What is planned for each sentence. */
type Plans = readonly (readonly PlannedUtterance[])[];

/** @returns undefined where there are speakers enough @throws EarshotError TOO_FEW_VOICES where no number of voices will do */
export async function voicesNeeded(
  sentences: readonly string[],
  voices: number,
  cast: SpeechCast,
  seed: number,
): Promise<{ readonly enough: number; readonly why: string } | undefined> {
  const { planSpeech } = await import("../../../synthesis/index.ts");
  const weights = weightsOfEngines(cast.engines);
  const plansFor = (perSentence: number): Plans =>
    sentences.map((text) =>
      planSpeech([text], cast.speakers, { perSentence, speeds: USUAL_SPEECH.speeds, weights, seed }),
    );
  const why = lackOf(plansFor(voices));
  if (why === undefined) return undefined;
  const enough = fewest(plansFor(MOST_VOICES)); // what is planned for few is the beginning of what is planned for more
  if (enough === undefined) throw tooFewSpeakers(cast);
  return { enough, why };
}

const isIn =
  (split: string) =>
  ({ speaker }: PlannedUtterance): boolean =>
    speaker.split === split;

function lackOf(plans: Plans): string | undefined {
  if (["train", "dev", "test"].some((split) => !plans.some((plan) => plan.some(isIn(split)))))
    return "not all of train, dev and test have a recording";
  const unlearned = plans.find((plan) => !plan.some(isIn("train")));
  return unlearned && `no speaker of train says "${unlearned[0].text}"`;
}

function fewest(plans: Plans): number | undefined {
  const firstOf = (split: string): number[] =>
    plans.map((plan) => plan.findIndex(isIn(split))).map((at) => (at < 0 ? Infinity : at + 1));
  const needed = Math.max(...firstOf("train"), Math.min(...firstOf("dev")), Math.min(...firstOf("test")));
  return Number.isFinite(needed) ? needed : undefined;
}

const namesOf = ({ engines }: SpeechCast): string => engines.map(({ name }) => name).join(", ");

const tooFewSpeakers = (cast: SpeechCast): EarshotError =>
  new EarshotError({
    code: "TOO_FEW_VOICES",
    where: namesOf(cast),
    problem: "It has too few speakers for all of train, dev and test.",
    remedy: "Give --engine another, or several: those with three speakers or more will do.",
  });

/** @param needed as `voicesNeeded` tells */
export const tooFewVoices = (
  voices: number,
  { enough, why }: { readonly enough: number; readonly why: string },
  cast: SpeechCast,
): EarshotError =>
  new EarshotError({
    code: "TOO_FEW_VOICES",
    where: namesOf(cast),
    problem: `With --voices ${voices}, ${why}: each of these splits has speakers of its own.`,
    remedy: `Give --voices ${enough}, or more.`,
  });
