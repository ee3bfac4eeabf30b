// What a client asks for, whatever its dialect: the one way from every dialect's own fields to a decoder.

import { USUAL_HOT_WORD_WEIGHT, type DecoderChoice } from "../../ctc/index.ts";
import { Grammar } from "../../grammar/index.ts";
import { badRequest } from "./refusal.ts";
import type { ServerLimits } from "./settings.ts";

/** Plain data, which can cross to a worker. */
export interface TranscriptionRequest {
  /** Phrase → weight in nats. */
  readonly hotWords: Readonly<Record<string, number>>;
  /** The text of a grammar. No file can be named. */
  readonly grammar?: string;
  readonly nBest?: number;
}

export const NOTHING_ASKED: TranscriptionRequest = { hotWords: {} };

/** Fields as a dialect has them. */
export interface RequestFields {
  /** Phrases, each with a weight behind its last colon where it is to have one. */
  readonly phrases?: readonly string[];
  /** What of a text that guides other recognizers is a list of phrases: between commas, semicolons and line breaks. */
  readonly prompt?: string;
  readonly grammar?: string;
  readonly nBest?: number;
}

const LONGEST_PHRASE = 100; // characters
/** A longer stretch of a prompt is prose. */
const MOST_PROMPT_WORDS = 5;
const HEAVIEST = 100; // nats

/** @throws Refusal where a limit is passed */
export function transcriptionRequest(
  { phrases = [], prompt = "", grammar, nBest }: RequestFields,
  limits: ServerLimits,
): TranscriptionRequest {
  const listed = prompt
    .split(/[,;\n]/u)
    .filter((phrase) => phrase.trim().split(/\s+/u).length <= MOST_PROMPT_WORDS);
  const hotWords = Object.fromEntries(
    [...listed, ...phrases].map(weighted).filter(([phrase]) => phrase !== ""),
  );
  const count = Object.keys(hotWords).length;
  if (count > limits.hotWords)
    throw badRequest(`There are ${count} hot words; at most ${limits.hotWords} are taken.`);
  if (grammar !== undefined && grammar.length > limits.grammarCharacters)
    throw badRequest(`The grammar is longer than ${limits.grammarCharacters} characters.`, "grammar");
  if (nBest !== undefined && !(Number.isInteger(nBest) && nBest >= 1 && nBest <= limits.nBest))
    throw badRequest(`The number of texts is a whole number from 1 to ${limits.nBest}.`);
  return { hotWords, ...(grammar !== undefined && { grammar }), ...(nBest !== undefined && { nBest }) };
}

function weighted(given: string): [phrase: string, weight: number] {
  const [, phrase = given, weight = ""] =
    /^(.*\S)\s*:\s*([-+]?\d{1,6}(?:\.\d{1,6})?)\s*$/su.exec(given) ?? [];
  const tidy = phrase.trim().replaceAll(/\s+/gu, " ");
  if (tidy.length > LONGEST_PHRASE)
    throw badRequest(`A hot word is longer than ${LONGEST_PHRASE} characters.`);
  const value = weight === "" ? USUAL_HOT_WORD_WEIGHT : Number(weight);
  return [tidy, Math.max(-HEAVIEST, Math.min(HEAVIEST, value))];
}

/** Undefined where nothing was asked for that a decoder knows of. */
export async function decoderChoice({
  hotWords,
  grammar,
  nBest,
}: TranscriptionRequest): Promise<DecoderChoice | undefined> {
  const hasHotWords = Object.keys(hotWords).length > 0;
  if (!hasHotWords && grammar === undefined && (nBest ?? 1) === 1) return undefined;
  return {
    ...(hasHotWords && { hotWords }),
    ...(grammar !== undefined && { grammar: await Grammar.from(grammar) }),
    ...(nBest !== undefined && { nBest }),
  };
}
