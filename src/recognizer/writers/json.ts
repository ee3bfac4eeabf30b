// JSON Lines (jsonlines.org): one object a line. Of probabilities and scores four places are kept.

import type { Meaning } from "../../ctc/index.ts";
import type { Alternative, Transcription, Word } from "../transcription.ts";
import type { TranscriptRecord, Writer } from "./writer.ts";

export const json: Writer = {
  header: "",
  record: (record) => `${JSON.stringify(jsonOf(record))}\n`,
};

/** The object of a line: a channel only where there is one. */
export function jsonOf({ path, channel, ...record }: TranscriptRecord): object {
  return { path, ...(channel === undefined ? {} : { channel }), ...transcriptionJson(record) };
}

/** What it means only in a grammar, other texts and seams only where there are any. */
export function transcriptionJson(record: Transcription): object {
  const { text, words, alternatives, warnings, seamsMs } = record;
  const others = alternatives.length > 1 ? { alternatives: alternatives.map(alternativeOf) } : {};
  return {
    text,
    ...meaningIn(record),
    words: words.map(wordOf),
    ...others,
    ...judgmentOf(record),
    ...(seamsMs === undefined ? {} : { seamsMs }),
    warnings,
  };
}

function judgmentOf({ confidence, rejected }: Pick<Transcription, "confidence" | "rejected">) {
  if (confidence === undefined) return {};
  if (!rejected) return { confidence: rounded(confidence) };
  return { rejected: { ...rejected, confidence: rounded(rejected.confidence) } };
}

function alternativeOf(alternative: Alternative) {
  const { text, score, words } = alternative;
  return { text, ...meaningIn(alternative), score: rounded(score), words: words.map(wordOf) };
}

/** What is known of it. */
function meaningIn({ intent, slots, tags }: Meaning): Meaning {
  return {
    ...(intent === undefined ? {} : { intent }),
    ...(slots === undefined ? {} : { slots }),
    ...(tags === undefined ? {} : { tags }),
  };
}

const wordOf = ({ confidence, ...word }: Word) => ({ ...word, confidence: rounded(confidence) });

const rounded = (value: number): number => Number(value.toFixed(4));
