// What is asked for, by options and, at a terminal, by questions; of a folder that was begun, what was asked for then.

import { EarshotError } from "../../../errors.ts";
import { readWholeText } from "../../../platform/index.ts";
import { readGiven } from "../decoding.ts";
import { parseWhole, type WeightedEngine } from "../speak-options.ts";
import { usageFault, type Session } from "../session.ts";
import { commandLine } from "../shell-words.ts";
import { gatherSettings } from "../training-input.ts";
import { availableEngines } from "./engines.ts";
import { sentencesOf, askForWords, givenWords } from "./words.ts";
import { usualVoices, type NewRequest } from "./plan.ts";
import type { NewState } from "./state.ts";

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

/** @throws EarshotError USAGE where words are missing and nobody can be asked; of engines and grammars */
export async function beginRequest(
  phrases: readonly string[],
  flags: NewFlags,
  session: Session,
): Promise<NewRequest> {
  const questions = flags.yes ? undefined : session.questions;
  const words = (await givenWords(phrases, flags.words)) ?? (questions && (await askForWords(questions)));
  if (words === undefined) throw noWords();
  const others = await othersOf(flags);
  const { language = "en", seed = 1, kokoro, from, set = [], threads } = flags;
  await gatherSettings({ set, model: from }); // what is wrong with them is said before anything is spoken
  const engines = await availableEngines({ engines: flags.engine ?? [], language, kokoro }, session);
  const base = { ...words, voices: 1, language, seed, engines, kokoro, others, from, set, threads };
  const usual = usualVoices((await sentencesOf(base, flags.words ?? "words")).length);
  const voices = flags.voices ?? (questions && (await askForVoices(usual, session))) ?? usual;
  return { ...base, voices };
}

async function askForVoices(usual: number, { questions }: Session): Promise<number> {
  for (;;) {
    const answer = await questions!.ask(`In how many voices shall each be spoken? [${usual}] `);
    if (answer === "") return usual;
    try {
      return parseWhole(answer);
    } catch {
      // asked again
    }
  }
}

async function othersOf({ others, language = "en" }: NewFlags): Promise<string | undefined> {
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

/** What was given now has to be what was given then. @throws EarshotError REQUEST_CHANGED */
export async function checkSameRequest(
  { request }: NewState,
  phrases: readonly string[],
  flags: NewFlags,
  out: string,
): Promise<void> {
  const words = await givenWords(phrases, flags.words);
  const given: Partial<NewRequest> = {
    ...words,
    voices: flags.voices,
    engines: flags.engine,
    language: flags.language,
    seed: flags.seed,
    kokoro: flags.kokoro,
    from: flags.from,
    set: flags.set,
    ...(flags.others !== undefined && { others: await othersOf(flags) }),
  };
  const changed = Object.entries(given).find(
    ([name, value]) =>
      value !== undefined && JSON.stringify(value) !== JSON.stringify(request[name as keyof NewRequest]),
  );
  if (!changed) return;
  throw new EarshotError({
    code: "REQUEST_CHANGED",
    where: out,
    problem: `The folder was begun with other ${NAMES[changed[0]] ?? changed[0]}.`,
    remedy: `Give another --out; or go on with what was begun: ${commandLine(["earshot", "new", "--out", out])}`,
  });
}

const NAMES: Readonly<Record<string, string>> = {
  seed: "seeds",
  language: "languages",
  kokoro: "voices of kokoro",
  grammar: "words",
  from: "models",
  set: "settings",
  others: "sentences to reject",
};
