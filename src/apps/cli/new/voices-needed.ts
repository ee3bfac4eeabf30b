// How many voices a sentence needs, so that some speaker of each split says one.

import { EarshotError } from "../../../errors.ts";
import type { SpeechEngine } from "../../../synthesis/index.ts";
import type { Session } from "../session.ts";
import type { NewRequest } from "./plan.ts";

/** By then every speaker has had a turn, or there are too few. */
const MOST_VOICES = 300;
/** Those of `earshot data speak`. */
const CAST = { dev: 0.1, test: 0.1, mixtures: 2, speeds: [0.85, 1.2] } as const;

export async function tooFewVoices(
  request: NewRequest,
  sentences: readonly string[],
  session: Session,
): Promise<EarshotError> {
  const { voices, engines } = request;
  const enough = await voicesNeeded(request, sentences, session);
  return new EarshotError({
    code: "TOO_FEW_VOICES",
    where: engines.map(({ name }) => name).join(", "),
    problem:
      enough === undefined
        ? "It has too few speakers for all of train, dev and test."
        : `With --voices ${voices}, not all of train, dev and test have a recording: each has speakers of its own.`,
    remedy:
      enough === undefined
        ? "Give --engine another, or several: those with three speakers or more will do."
        : `Give --voices ${enough}, or more.`,
  });
}

/** What is planned for few voices is the beginning of what is planned for more. */
async function voicesNeeded(
  { engines: asked, language, kokoro: folder, seed }: NewRequest,
  sentences: readonly string[],
  { signal }: Session,
): Promise<number | undefined> {
  const { castSpeakers, openSpeechEngine, planSpeech } = await import("../../../synthesis/index.ts");
  const opened: SpeechEngine[] = [];
  try {
    for (const { name } of asked) opened.push(await openSpeechEngine(name, { language, folder, signal }));
  } finally {
    for (const engine of opened) await engine.close();
  }
  const speakers = opened.flatMap((engine) => castSpeakers(engine, { ...CAST, seed }));
  const weights = asked.some(({ weight }) => weight !== undefined)
    ? Object.fromEntries(asked.map(({ name, weight = 1 }) => [name, weight]))
    : undefined;
  const settings = { perSentence: MOST_VOICES, speeds: CAST.speeds, weights, seed };
  const plans = sentences.map((text) => planSpeech([text], speakers, settings));
  const firsts = ["train", "dev", "test"].map((split) =>
    Math.min(
      ...plans
        .map((plan) => plan.findIndex(({ speaker }) => speaker.split === split))
        .filter((at) => at >= 0),
    ),
  );
  const most = Math.max(...firsts);
  return Number.isFinite(most) ? 1 + most : undefined;
}
