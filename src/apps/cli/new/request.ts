// What is asked for, by options and, at a terminal, by questions.

import type { EarshotError } from "../../../errors.ts";
import { readWholeText, resolve } from "../../../platform/index.ts";
import { readGiven } from "../decoding.ts";
import { parseWhole, type WeightedEngine } from "../speak-options.ts";
import { usageFault, type Questions, type Session } from "../session.ts";
import { amountsOf, warningOfSigns } from "./amounts.ts";
import { namedBase, usualBase } from "./base.ts";
import { castOf, type SpeechCast } from "./engines.ts";
import { usualVoices, type NewRequest } from "./plan.ts";
import { trainingOf } from "./training-settings.ts";
import { tooFewVoices, voicesNeeded } from "./voices-needed.ts";
import { askForWords, givenWords } from "./words.ts";

export interface NewFlags {
  readonly words?: string;
  readonly out?: string;
  readonly voices?: number;
  readonly engine?: readonly WeightedEngine[];
  readonly kokoro?: string;
  readonly fetch?: true;
  readonly language?: string;
  readonly others?: string;
  readonly from?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly threads?: number;
  readonly yes?: true;
  readonly dryRun?: true;
}

const USUAL_OUT = "recognizer";

/** Where all of it goes. */
export async function outFolder({ out, yes }: NewFlags, { questions }: Session): Promise<string> {
  if (out !== undefined || yes || !questions) return out ?? USUAL_OUT;
  const answer = await questions.ask(`Into which folder? [${USUAL_OUT}] `);
  return answer === "" ? USUAL_OUT : answer;
}

/** @throws EarshotError USAGE where words are missing and nobody can be asked; of engines, grammars and settings */
export async function beginRequest(
  out: string,
  phrases: readonly string[],
  flags: NewFlags,
  session: Session,
): Promise<NewRequest> {
  const questions = flags.yes ? undefined : session.questions;
  const words = (await givenWords(phrases, flags.words)) ?? (questions && (await askForWords(questions)));
  if (words === undefined) throw noWords();
  const { language = "en", seed = 1, set = [] } = flags;
  const kokoro = kokoroFolder(flags);
  const asked = { ...words, language, seed, kokoro, set, others: await othersOf(flags) };
  const amounts = await amountsOf(asked, flags.words);
  const signs = warningOfSigns(amounts);
  if (signs !== undefined) session.output.warn({ code: "UNSPELLABLE_SENTENCES", message: signs });
  const whole = { ...asked, voices: 1, engines: [] };
  const from =
    flags.from === undefined ? await usualBase(out, whole, amounts, session) : await namedBase(flags.from);
  await trainingOf({ ...whole, from }, amounts); // what is wrong with it is said before anything is spoken
  const cast = await castOf({ engines: flags.engine, language, kokoro }, seed, session);
  const voices = await voicesOf(flags, amounts.sentences, cast, questions);
  return { ...asked, from, isUsualBase: flags.from === undefined, engines: cast.engines, voices };
}

/** As a whole path, so that another working directory finds it too. */
export const kokoroFolder = ({ kokoro }: NewFlags): string | undefined =>
  kokoro === undefined ? undefined : resolve(kokoro);

/** Those given, or asked for, or as many as are usual and needed. @throws EarshotError TOO_FEW_VOICES */
async function voicesOf(
  { voices: given, seed = 1 }: NewFlags,
  sentences: readonly string[],
  cast: SpeechCast,
  questions: Session["questions"],
): Promise<number> {
  const few = usualVoices(sentences.length);
  const usual = (await voicesNeeded(sentences, few, cast, seed))?.enough ?? few;
  const voices = given ?? (questions && (await askForVoices(usual, questions))) ?? usual;
  const needed = await voicesNeeded(sentences, voices, cast, seed);
  if (needed) throw tooFewVoices(voices, needed, cast);
  return voices;
}

async function askForVoices(usual: number, questions: Questions): Promise<number> {
  for (;;) {
    const answer = await questions.ask(`In how many voices shall each be spoken? [${usual}] `);
    if (answer === "") return usual;
    try {
      return parseWhole(answer);
    } catch {
      // asked again
    }
  }
}

export async function othersOf({ others, language = "en" }: NewFlags): Promise<string | undefined> {
  if (others !== undefined) return readGiven(others, "a list of sentences to be rejected", readWholeText);
  if (/^en\b/i.test(language)) return undefined;
  throw usageFault(
    `The built-in negative sentences are English, and --language is ${language}.`,
    "Give --others FILE: some hundred words and sentences that are none of yours, one a line.",
  );
}

const noWords = (): EarshotError =>
  usageFault(
    "There are no words to understand.",
    'Give them: earshot new "turn on the light" stop, or --words FILE.',
  );
