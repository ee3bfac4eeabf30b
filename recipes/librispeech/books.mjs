// The text of books as a language model wants it: one sentence a line, in the letters of the recognizer.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Sentences of every .txt file of a folder, in a–z and apostrophe; numbers and headings fall away with their line. */
export function sentencesOf(folder) {
  const books = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  return books.toSorted().flatMap((name) => splitSentences(readFileSync(join(folder, name), "utf8")));
}

function splitSentences(text) {
  return text
    .normalize("NFKD")
    .replaceAll(/[’‘`]/g, "'")
    .split(/[.!?;:]+\s|\n\s*\n/u)
    .filter((sentence) => !/[0-9@*_<>[\]]/.test(sentence))
    .map(spell)
    .filter((sentence) => sentence.includes(" "));
}

const spell = (sentence) =>
  sentence
    .toLowerCase()
    .replaceAll(/[^a-z']+/g, " ")
    .replaceAll(/(^|\s)'+|'+(\s|$)/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
