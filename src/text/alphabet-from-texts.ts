// The symbols that texts are written with, for an alphabet made of them: counted after the policy of the transcripts, the
// most frequent first. A letter of Latin, Greek or Cyrillic with its marks is one symbol ("g̃"); in all other scripts, where
// marks are vowels and tones of their own, each code point is one. Knows nothing of manifests.

import { splitCharacters } from "./characters.ts";
import { isPlain, normalizeTranscript, type SymbolSet, type TranscriptPolicy } from "./transcript.ts";

export interface PlacedText {
  readonly text: string;
  /** What names the text, such as "train.csv:12". */
  readonly where: string;
}

export interface CountedSymbol {
  readonly symbol: string;
  readonly count: number;
  /** The text that has it first. */
  readonly where: string;
}

/** Of symbols that are as frequent, the lower code point comes first. @throws INVALID_TRANSCRIPT_MAP */
export function countSymbols(texts: Iterable<PlacedText>, policy: TranscriptPolicy): CountedSymbol[] {
  const spellable = allBut(policy);
  const found = new Map<string, { symbol: string; count: number; where: string }>();
  const add = (symbol: string, times: number, where: string): void => {
    const known = found.get(symbol);
    if (known) known.count += times;
    else found.set(symbol, { symbol, count: times, where });
  };
  const times = new Uint32Array(128); // of the characters of a plain text, by their codes
  for (const { text, where } of texts) {
    const { text: spelled } = normalizeTranscript(text, spellable, policy, where);
    if (!isPlain(spelled)) for (const symbol of symbolsOf(spelled)) add(symbol, 1, where);
    else {
      for (let i = 0; i < spelled.length; i++) times[spelled.charCodeAt(i)]++;
      for (let code = 0; code < times.length; code++)
        if (times[code] > 0) add(String.fromCharCode(code), times[code], where);
      times.fill(0);
    }
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count || comparePoints(a.symbol, b.symbol));
}

const LETTER_WITH_MARKS = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;

const symbolsOf = (text: string): string[] =>
  splitCharacters(text).flatMap((character) =>
    LETTER_WITH_MARKS.test(character) ? [character] : Array.from(character),
  );

/** Spells everything but what the policy replaces. */
function allBut({ unknown, map }: TranscriptPolicy): SymbolSet {
  const keys = unknown === "map" ? Object.keys(map) : [];
  const replaced = new Set(keys.flatMap((key) => [key.normalize("NFC"), key.normalize("NFC").toLowerCase()]));
  const isReplaced = (text: string) => replaced.has(text) || [...text].some((point) => replaced.has(point));
  const spelling = (character: string) =>
    isReplaced(character) || isReplaced(character.normalize("NFD")) ? undefined : [0];
  const known = new Map<string, number[] | undefined>(); // there are few characters
  return {
    hasUpperCase: false,
    spell(character) {
      if (!known.has(character)) known.set(character, spelling(character));
      return known.get(character);
    },
  };
}

function comparePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)].map((points) => points.map((p) => p.codePointAt(0)!));
  const differing = left.findIndex((point, i) => point !== right[i]);
  return differing < 0 ? left.length - right.length : left[differing] - (right[differing] ?? -1);
}
