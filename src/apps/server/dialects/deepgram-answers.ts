// Texts in Deepgram's shapes, which are the same for files and for live streams.

import type { Alternative, Word } from "../../../recognizer/index.ts";

export function deepgramAlternative(
  { text, words }: Pick<Alternative, "text" | "words">,
  offsetMs = 0,
): object {
  return {
    transcript: text,
    confidence: words.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, words.length),
    words: words.map((word) => wordOf(word, offsetMs)),
  };
}

function wordOf({ text, startMs, endMs, confidence }: Word, offsetMs: number): object {
  const [start, end] = [startMs, endMs].map((ms) => (ms + offsetMs) / 1000);
  return { word: text, start, end, confidence, punctuated_word: text };
}

/** What an answer says of its model. */
export function deepgramModelInfo(model: string, version: string): object {
  return { name: model, version, arch: "ctc" };
}
