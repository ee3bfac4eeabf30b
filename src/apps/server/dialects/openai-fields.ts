// The form fields of OpenAI's transcription of files, as texts that came → values that are checked.

import { z } from "zod";
import type { FormPart } from "../http/multipart.ts";
import { readFields } from "../client-input.ts";
import { badRequest } from "../refusal.ts";

export const RESPONSE_FORMATS = ["json", "text", "srt", "verbose_json", "vtt", "diarized_json"] as const;
const LONGEST_FIELD = 65_536; // bytes

const text = z.string();
/** Form fields are texts; those in arrays repeat their key. What is not listed is left alone, as OpenAI does. */
export const openAiFields = z.object({
  model: text.optional().describe("A name of GET /v1/models; the first one when not given."),
  language: text.optional().describe("Repeated in answers; the model decides."),
  prompt: text.optional().describe("Phrases to expect, between commas or line breaks; prose is left alone."),
  "keywords[]": z
    .array(text)
    .optional()
    .describe("Phrases to expect, each with a weight behind a colon if it is to have one."),
  grammar: text.optional().describe("The only sentences there may be, as docs/grammars.md says."),
  n_best: z.coerce.number().optional().describe("Texts to give back, the best first."),
  response_format: z.enum(RESPONSE_FORMATS).default("json"),
  stream: z.enum(["true", "false"]).default("false").describe("Server-sent events instead of one answer."),
  "timestamp_granularities[]": z.array(z.enum(["word", "segment"])).default(["segment"]),
  "include[]": z.array(text).default([]).describe("logprobs: those of words."),
});
export type OpenAiFields = z.output<typeof openAiFields>;

/** @throws Refusal bad_request */
export function readFormFields(parts: readonly FormPart[]): OpenAiFields {
  const given: Record<string, string | string[]> = {};
  for (const { name, fileName, bytes } of parts) {
    const key = ["keywords", "timestamp_granularities", "include"].includes(name) ? `${name}[]` : name;
    if (fileName !== undefined || !Object.hasOwn(openAiFields.shape, key)) continue;
    if (bytes.length > LONGEST_FIELD)
      throw badRequest(`${key}: A field is at most ${LONGEST_FIELD} bytes.`, key);
    const value = bytes.toString("utf8");
    const before = Object.hasOwn(given, key) ? given[key] : undefined;
    if (!key.endsWith("[]")) given[key] = value;
    else if (Array.isArray(before)) before.push(value);
    else given[key] = [value];
  }
  return readFields(openAiFields, given);
}
