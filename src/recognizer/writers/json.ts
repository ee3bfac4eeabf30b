// JSON Lines (jsonlines.org): one object a line. Of probabilities and scores four places are kept.

import type { Alternative, Word } from "../transcription.ts";
import type { TranscriptRecord, Writer } from "./writer.ts";

export const json: Writer = {
  header: "",
  record: (record) => `${JSON.stringify(jsonOf(record))}\n`,
};

/** The object of a line: other texts only where there are any. */
export function jsonOf({ path, text, words, alternatives, warnings }: TranscriptRecord): object {
  const others = alternatives.length > 1 ? { alternatives: alternatives.map(alternativeOf) } : {};
  return { path, text, words: words.map(wordOf), ...others, warnings };
}

const alternativeOf = ({ text, score, words }: Alternative) => {
  return { text, score: rounded(score), words: words.map(wordOf) };
};

const wordOf = ({ confidence, ...word }: Word) => ({ ...word, confidence: rounded(confidence) });

const rounded = (value: number): number => Number(value.toFixed(4));
