// Sentences that are easily spoken, and that no network would learn to spell: numbers in digits, signs, abbreviations with
// their stops. The alphabet of English, and whatever letters other languages have, is what training takes by itself.

import { EarshotError, type Warning } from "../errors.ts";
import { count } from "../figures.ts";
import { parseSettings } from "../settings.ts";
import { Alphabet, normalizeTranscript, splitCharacters, transcriptPolicy } from "../text/index.ts";

/** @param language as in "en-gb" */
export function unspellable(sentences: readonly string[], language: string): Warning[] {
  const alphabet = alphabetFor(sentences, language);
  const policy = parseSettings(transcriptPolicy, {}, "transcript");
  const faults = sentences.flatMap((sentence) => {
    try {
      normalizeTranscript(sentence, alphabet, policy, `"${sentence}"`);
      return [];
    } catch (error) {
      if (error instanceof EarshotError) return [error];
      throw error;
    }
  });
  if (faults.length === 0) return [];
  const [first] = faults;
  const of = count(sentences.length, "sentence");
  const message = `${faults.length} of ${of} cannot be spelled by the usual alphabet, the first: ${first.where}: ${first.problem} Write it as it is spoken, numbers in words; or train with an alphabet that has it (docs/alphabet.md), or without it (transcript.unknown).`;
  return [{ code: "UNSPELLABLE_SENTENCES", message }];
}

function alphabetFor(sentences: readonly string[], language: string): Alphabet {
  const english = Alphabet.english();
  if (/^en\b/i.test(language)) return english;
  const letters = sentences.flatMap((sentence) =>
    splitCharacters(sentence.toLowerCase().normalize("NFC")).filter((character) => /^\p{L}/u.test(character)),
  );
  return Alphabet.fromSymbols([...new Set([...english.symbols, ...letters])]);
}
