// A transcription in the shapes of OpenAI's interface. What OpenAI has no field for, such as what a sentence of a grammar
// means, is beside what it has.

import { deflateSync } from "node:zlib";
import { cuesOf, writers, type Transcription, type Word } from "../../../recognizer/index.ts";
import type { OpenAiFields } from "./openai-fields.ts";

export interface OpenAiAnswerOptions {
  /** Between words. */
  readonly separator: string;
  readonly language: string | undefined;
  readonly fields: OpenAiFields;
}

/** Words of one delta of a streamed answer. */
const DELTA_WORDS = 8;

export function openAiAnswer(
  transcription: Transcription,
  options: OpenAiAnswerOptions,
): { readonly type: string; readonly content: string } {
  const { response_format: format } = options.fields;
  const plain = "text/plain; charset=utf-8";
  if (format === "text") return { type: plain, content: `${transcription.text}\n` };
  if (format === "srt" || format === "vtt") {
    const { header, record } = writers[format];
    const content = header + record({ path: "", ...transcription }, true);
    return { type: format === "vtt" ? "text/vtt; charset=utf-8" : plain, content };
  }
  const answer =
    format === "verbose_json" ? verboseJson(transcription, options) : json(transcription, options);
  return { type: "application/json", content: JSON.stringify(answer) };
}

/** As server-sent events: the deltas together are the text. */
export function streamedEvents(transcription: Transcription, options: OpenAiAnswerOptions): object[] {
  const deltas = transcription.text.match(new RegExp(String.raw`(?:\S+\s*){1,${DELTA_WORDS}}`, "gu")) ?? [];
  const done = { type: "transcript.text.done", ...json(transcription, options) };
  return [...deltas.map((delta) => ({ type: "transcript.text.delta", delta })), done];
}

function json(transcription: Transcription, { separator, fields }: OpenAiAnswerOptions): object {
  const { text, words, alternatives, intent, slots, tags, rejected } = transcription;
  const logprobs = fields["include[]"].includes("logprobs") && logProbabilitiesOf(words, separator);
  return {
    text,
    ...(logprobs && { logprobs }),
    ...(alternatives.length > 1 && {
      alternatives: alternatives.map(({ text, score }) => ({ text, score })),
    }),
    ...(intent !== undefined && { intent }),
    ...(slots !== undefined && { slots }),
    ...(tags !== undefined && { tags }),
    ...(rejected !== undefined && { rejected }),
    usage: usageOf(transcription),
  };
}

function verboseJson(transcription: Transcription, options: OpenAiAnswerOptions): object {
  const { seconds, words } = transcription;
  const granularities = options.fields["timestamp_granularities[]"];
  const times = words.map(({ text: word, ...time }) => ({ word, ...inSeconds(time) }));
  return {
    task: "transcribe",
    language: options.language ?? "und", // the client's type has it always: ISO 639-2's word for "not known"
    duration: rounded(seconds),
    ...json(transcription, options),
    ...(granularities.includes("segment") && { segments: segmentsOf(transcription) }),
    ...(granularities.includes("word") && { words: times }),
  };
}

function segmentsOf({ text, words }: Transcription): object[] {
  return cuesOf({ text, words }).map((cue, id) => {
    const own = words.filter(({ startMs }) => startMs >= cue.startMs && startMs < cue.endMs);
    const line = cue.text.replaceAll("\n", " ");
    return {
      id,
      seek: 0,
      ...inSeconds(cue),
      text: line,
      tokens: [],
      temperature: 0,
      avg_logprob: own.reduce((sum, word) => sum + logOf(word), 0) / Math.max(1, own.length),
      compression_ratio: line.length / Math.max(1, deflateSync(line).length),
      no_speech_prob: 0,
    };
  });
}

function logProbabilitiesOf(words: readonly Word[], separator: string): object[] {
  return words.map((word, i) => {
    const token = i === 0 ? word.text : `${separator}${word.text}`;
    return { token, logprob: logOf(word), bytes: [...Buffer.from(token)] };
  });
}

/** Words are never quite impossible. */
const logOf = ({ confidence }: Word): number => Math.log(Math.max(1e-9, confidence));

const usageOf = ({ seconds }: Transcription) => ({ type: "duration", seconds: rounded(seconds) });

const inSeconds = ({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) => {
  return { start: startMs / 1000, end: endMs / 1000 };
};

const rounded = (seconds: number): number => Number(seconds.toFixed(3));
