// The words of a recognizer: phrases as they are given or typed, or a file as --grammar takes it.

import { EarshotError } from "../../../errors.ts";
import { readWholeText } from "../../../platform/index.ts";
import { readGiven } from "../decoding.ts";
import { usageFault, type Questions } from "../session.ts";
import { MOST_SENTENCES, type NewRequest } from "./plan.ts";

type Words = Pick<NewRequest, "grammar" | "format">;

/** @returns undefined where nobody gave any @throws EarshotError USAGE, FILE_SYSTEM */
export async function givenWords(
  phrases: readonly string[],
  file: string | undefined,
): Promise<Words | undefined> {
  if (file !== undefined && phrases.length > 0)
    throw usageFault("Words are given both as they are and as a file.", "Leave one out.");
  if (file === undefined) return phrases.length === 0 ? undefined : ofPhrases(phrases);
  const grammar = await readGiven(
    file,
    "a file of words: phrases, JSGF or sentence templates",
    readWholeText,
  );
  const { Grammar } = await import("../../../grammar/index.ts");
  const { format } = await Grammar.from(grammar, { name: file });
  return { grammar: format === "phrases" ? `${onceEach(grammar.split("\n")).join("\n")}` : grammar, format };
}

export async function askForWords(questions: Questions): Promise<Words> {
  const phrases: string[] = [];
  for (;;) {
    const phrase = await questions.ask(
      phrases.length === 0 ? "What shall it understand? A word or a phrase: " : "Another (nothing ends): ",
    );
    if (phrase !== "") phrases.push(phrase);
    else if (phrases.length > 0) return ofPhrases(phrases);
  }
}

const ofPhrases = (phrases: readonly string[]): Words => ({
  grammar: `${onceEach(phrases.map(phraseOf)).join("\n")}\n`,
  format: "phrases",
});

/** Without those that are the same but for capitals, as transcripts are learned; empty lines stay. */
function onceEach(phrases: readonly string[]): string[] {
  const keyOf = (phrase: string): string => phrase.trim().toLowerCase();
  const firsts = new Map(phrases.map((phrase, index) => [keyOf(phrase), index] as const).toReversed());
  return phrases.filter((phrase, index) => keyOf(phrase) === "" || firsts.get(keyOf(phrase)) === index);
}

/** On one line, without what nobody says. */
const phraseOf = (text: string): string =>
  text
    .replaceAll(/[.,;:!?"“”„()#]+/gu, " ")
    .replace(/^[\s-]+/u, "")
    .replaceAll(/\s+/gu, " ")
    .trim();

/** Those that are spoken: all, or a draw where there are very many. @throws EarshotError of the grammar, EMPTY_GRAMMAR */
export async function sentencesOf(
  { grammar, format, seed }: Pick<NewRequest, "grammar" | "format" | "seed">,
  name: string,
): Promise<readonly string[]> {
  const { Grammar } = await import("../../../grammar/index.ts");
  const read = await Grammar.from(grammar, { name, format });
  const sentences = read.sentences(MOST_SENTENCES, seed);
  if (sentences.length > 0) return sentences;
  throw new EarshotError({
    code: "NO_SENTENCES",
    where: name,
    problem: "There is nothing to be spoken.",
    remedy: "Give words or phrases.",
  });
}
