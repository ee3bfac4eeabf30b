// What a client asks for, whatever its dialect: the one way from every dialect's own fields to a decoder.

import { USUAL_HOT_WORD_WEIGHT, type DecoderChoice } from "../../ctc/index.ts";
import { Grammar } from "../../grammar/index.ts";
import { badRequest, type Refusal } from "./refusal.ts";
import type { ServerLimits } from "./settings.ts";

/** Plain data, which can cross to a worker. */
export interface TranscriptionRequest {
  /** Phrase → weight in nats. */
  readonly hotWords: Readonly<Record<string, number>>;
  /** The text of a grammar. No file can be named. */
  readonly grammar?: string;
  readonly nBest?: number;
  /** How many hot words the limits left out. */
  readonly hotWordsLeftOut?: number;
}

/** Fields as a dialect has them. */
export interface RequestFields {
  /** Phrases, each with a weight behind its last colon where it is to have one. */
  readonly phrases?: readonly string[];
  /** What of a text that guides other recognizers is a list of phrases: between commas, semicolons and line breaks. */
  readonly prompt?: string;
  readonly grammar?: string;
  readonly nBest?: number;
  /** Hot words beyond the limits are left out instead of refused: of clients that send names unasked, and show no errors. */
  readonly leavesOut?: boolean;
}

const LONGEST_PHRASE = 100; // characters
/** A longer stretch of a prompt is prose. */
const MOST_PROMPT_WORDS = 5;
const HEAVIEST = 100; // nats

/** @throws Refusal where a limit is passed */
export function transcriptionRequest(
  { phrases = [], prompt = "", grammar, nBest, leavesOut = false }: RequestFields,
  limits: ServerLimits,
): TranscriptionRequest {
  const listed = prompt
    .split(/[,;\n]/u)
    .filter((phrase) => phrase.trim().split(/\s+/u).length <= MOST_PROMPT_WORDS);
  const given = Object.entries(
    Object.fromEntries([...listed, ...phrases].map(weighted).filter(([phrase]) => phrase !== "")),
  );
  const kept = given.filter(([phrase]) => phrase.length <= LONGEST_PHRASE).slice(0, limits.hotWords);
  const hotWordsLeftOut = given.length - kept.length;
  if (hotWordsLeftOut > 0 && !leavesOut) throw tooManyHotWords(given.length, limits.hotWords);
  if (grammar !== undefined && grammar.length > limits.grammarCharacters)
    throw badRequest(`The grammar is longer than ${limits.grammarCharacters} characters.`, "grammar");
  if (nBest !== undefined && !(Number.isInteger(nBest) && nBest >= 1 && nBest <= limits.nBest))
    throw badRequest(`The number of texts is a whole number from 1 to ${limits.nBest}.`);
  return {
    hotWords: Object.fromEntries(kept),
    ...(grammar !== undefined && { grammar }),
    ...(nBest !== undefined && { nBest }),
    ...(hotWordsLeftOut > 0 && { hotWordsLeftOut }),
  };
}

const tooManyHotWords = (count: number, most: number): Refusal =>
  badRequest(
    `There are ${count} hot words, where ${most} are taken at most, each of ${LONGEST_PHRASE} characters at most.`,
  );

function weighted(given: string): [phrase: string, weight: number] {
  const [, phrase = given, weight = ""] =
    /^(.*\S)\s*:\s*([-+]?\d{1,6}(?:\.\d{1,6})?)\s*$/su.exec(given) ?? [];
  const tidy = phrase.trim().replaceAll(/\s+/gu, " ");
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
