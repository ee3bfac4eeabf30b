// Vocabulary and hot words as the recognizer would write them: by the policy that its transcripts were spelled with, so
// that "Kitchen" is known to an alphabet of lower case. What is left out is told in warnings. Knows nothing of tries.

import { EarshotError, type Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import {
  collapseWhiteSpace,
  normalizeTranscript,
  type Alphabet,
  type TranscriptPolicy,
} from "../../text/index.ts";
import type { HotWords } from "./hot-words.ts";

const MOST_NAMED = 5;

/** Each word by the policy, or as it was written where the policy refuses it. */
export function spellVocabulary(
  words: Iterable<string>,
  alphabet: Alphabet,
  policy: TranscriptPolicy,
  warnings: Warning[],
): string[] {
  const shortened: string[] = [];
  const spelled = Array.from(words, (word) => spellByPolicy(word, alphabet, policy, shortened) ?? word);
  if (shortened.length > 0) warnings.push(shortenedWords(shortened, "words of the vocabulary"));
  return spelled;
}

/** Each phrase by the policy. Of two that are spelled the same the later one's weight holds. */
export function spellHotWords(
  hotWords: HotWords,
  alphabet: Alphabet,
  policy: TranscriptPolicy,
  warnings: Warning[],
): HotWords {
  const shortened: string[] = [];
  const spelled = Object.entries(hotWords).map(([phrase, weight]) => [
    spellByPolicy(phrase, alphabet, policy, shortened) ?? inAlphabetCase(phrase, alphabet, policy),
    weight,
  ]);
  if (shortened.length > 0) warnings.push(shortenedWords(shortened, "hot words"));
  return Object.fromEntries(spelled) as HotWords;
}

/** Whether a decoder takes the phrase as a hot word; others are refused with UNKNOWN_SYMBOL or INVALID_HOT_WORD. */
export function canSpellHotWord(phrase: string, alphabet: Alphabet, policy?: TranscriptPolicy): boolean {
  try {
    const spelled = policy ? Object.keys(spellHotWords({ [phrase]: 0 }, alphabet, policy, []))[0] : phrase;
    const words = collapseWhiteSpace(spelled);
    alphabet.encode(words);
    return words !== "";
  } catch (error) {
    if (error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL") return false;
    throw error;
  }
}

/** What is refused then is the character that cannot be spelled, and not its case. */
function inAlphabetCase(
  phrase: string,
  { hasUpperCase }: Alphabet,
  { lowercase, language }: TranscriptPolicy,
): string {
  return lowercase && !hasUpperCase ? phrase.toLocaleLowerCase(language ?? "en") : phrase;
}

/** Undefined where the policy refuses the text, or leaves nothing of it. */
function spellByPolicy(
  written: string,
  alphabet: Alphabet,
  policy: TranscriptPolicy,
  shortened: string[],
): string | undefined {
  try {
    const { text, dropped } = normalizeTranscript(written, alphabet, policy, written);
    if (text === "") return undefined;
    if (dropped.length > 0) shortened.push(`"${written}" as "${text}"`);
    return text;
  } catch (error) {
    if (error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL") return undefined;
    throw error;
  }
}

/** @param words what became of each, such as `"win-dow" as "window"` */
export function shortenedWords(words: readonly string[], what: string, named = MOST_NAMED): Warning {
  const message = `Spelled without some characters, as the policy of the transcripts says: ${words.length} of the ${what} (${inBrief(words, named)}).`;
  return { code: "SHORTENED_WORDS", message };
}

/** @param what the words are, such as "words of the vocabulary" */
export function unspellableWords(
  words: readonly string[],
  total: number,
  what: string,
  named = MOST_NAMED,
): Warning {
  const quoted = words.map((word) => `"${word}"`);
  const message = `Left out, as the alphabet cannot spell each as one word: ${words.length} of ${total} ${what} (${inBrief(quoted, named)}).`;
  return { code: "UNSPELLABLE_WORDS", message };
}
