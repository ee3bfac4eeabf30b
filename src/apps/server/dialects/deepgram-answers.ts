// Texts in Deepgram's shapes, which are the same for files and for live streams.

import type { Refusal } from "../refusal.ts";
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

/** A refusal, as an answer over HTTP. */
export function deepgramError({ code, message }: Refusal, requestId: string): object {
  return { err_code: code.toUpperCase(), err_msg: message, request_id: requestId };
}
