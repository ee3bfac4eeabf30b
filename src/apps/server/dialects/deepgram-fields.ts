// What Deepgram's query says, for files and for live streams. What only other recognizers can do (punctuate, diarize …) is
// left alone.

import { z } from "zod";
import { readFields } from "../client-input.ts";
import type { WavEncoding } from "../live/pcm.ts";
import type { ServerLimits } from "../settings.ts";
import { transcriptionRequest, type TranscriptionRequest } from "../transcription-request.ts";

export const DEEPGRAM_ENCODINGS: Readonly<Record<string, WavEncoding>> = {
  linear16: "s16",
  linear32: "s32",
  mulaw: "mulaw",
  alaw: "alaw",
};

const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");
const milliseconds = z.coerce.number().min(0).max(60_000);

export const deepgramQuery = z.object({
  model: z.string().optional().describe("A name of GET /v1/models; the first one when not given."),
  language: z.string().optional().describe("Left alone; the model decides."),
  encoding: z
    .enum(Object.keys(DEEPGRAM_ENCODINGS) as [string, ...string[]])
    .optional()
    .describe("Of sound without a header; a file, or a stream that begins with a WAV header, needs none."),
  sample_rate: z.coerce.number().int().min(1_000).max(768_000).optional(),
  channels: z.coerce.number().int().min(1).max(8).default(1),
  multichannel: flag.describe("Live: each channel by itself, instead of their mean."),
  interim_results: flag.describe("Live: texts that may still change."),
  endpointing: z
    .union([z.literal("false").transform(() => undefined), milliseconds])
    .optional()
    .describe("Live: the silence, in ms, that ends an utterance."),
  utterance_end_ms: milliseconds.optional().describe("Live: an event at the end of each utterance."),
  vad_events: flag.describe("Live: an event at the beginning of each utterance."),
  grammar: z.string().optional().describe("The only sentences there may be, as docs/grammars.md says."),
  alternatives: z.coerce.number().int().optional().describe("Texts to give back, the best first."),
});

export interface DeepgramFields extends Omit<z.output<typeof deepgramQuery>, "grammar"> {
  readonly request: TranscriptionRequest;
}

/** @throws Refusal bad_request */
export function readDeepgramQuery(query: URLSearchParams, limits: ServerLimits): DeepgramFields {
  const known = Object.keys(deepgramQuery.shape).filter((name) => query.has(name));
  const given = Object.fromEntries(known.map((name) => [name, query.get(name)]));
  const { grammar, alternatives: nBest, ...fields } = readFields(deepgramQuery, given);
  const phrases = [...query.getAll("keyterm"), ...query.getAll("keywords")];
  return { ...fields, request: transcriptionRequest({ phrases, grammar, nBest }, limits) };
}
