// A character that an alphabet cannot spell as it is, taken apart: into code points (Unicode normal form D), of which a map
// replaces some, or into the letters that it stands for (normal form KD: "ﬁ", "ａ", the Arabic presentation forms). Says what
// stays and what is lost; knows nothing of policies.

import type { Alphabet } from "./alphabet.ts";
import { splitCharacters } from "./characters.ts";

type Speller = Pick<Alphabet, "spell">;

/** As much of a character as can be spelled, and the code points that cannot. */
export interface Parts {
  readonly kept: string;
  readonly lost: readonly string[];
}

/**
 * A character with its code points replaced by a map. Marks that are not replaced stay with their letter: what a mark becomes
 * stands behind them, unless that is a mark too, or nothing.
 * @returns the text, the code points that were replaced, and the others; texts in normal form C
 */
export function replaceParts(
  character: string,
  map: ReadonlyMap<string, string>,
): { text: string; replaced: string[]; others: string } {
  const parts = [...character.normalize("NFD")];
  let [text, behind] = ["", ""];
  for (const part of parts) {
    const isMark = /^\p{Mark}$/u.test(part);
    if (!isMark) [text, behind] = [text + behind, ""];
    const written = map.get(part) ?? part;
    if (isMark && !/^\p{Mark}*$/u.test(written)) behind += written;
    else text += written;
  }
  const others = parts.filter((part) => !map.has(part)).join("");
  const replaced = parts.filter((part) => map.has(part));
  return { text: (text + behind).normalize("NFC"), replaced, others: others.normalize("NFC") };
}

const MOST_MARKS = 6; // code points of a character that are tried in all combinations; no language needs more

/** As much of a character as the alphabet can spell, the letter first. */
export function spellableParts(character: string, alphabet: Speller): Parts {
  const parts = [...character.normalize("NFD")];
  if (parts.length > MOST_MARKS) {
    const kept = parts.filter((part) => alphabet.spell(part));
    return { kept: kept.join(""), lost: parts.filter((part) => !alphabet.spell(part)) };
  }
  const choices = Array.from({ length: 2 ** parts.length }, (_, choice) => {
    const isKept = (index: number) => (choice & (1 << index)) !== 0;
    return { kept: parts.filter((_, i) => isKept(i)), lost: parts.filter((_, i) => !isKept(i)), choice };
  });
  // Most parts first; of as many, those that stand first.
  const best = choices
    .toSorted((a, b) => b.kept.length - a.kept.length || lowestFirst(a.choice, b.choice))
    .find(({ kept }) => alphabet.spell(kept.join("").normalize("NFC")) !== undefined);
  return best ? { kept: best.kept.join("").normalize("NFC"), lost: best.lost } : { kept: "", lost: parts };
}

/** The choice that keeps an earlier part where the two differ first. */
function lowestFirst(a: number, b: number): number {
  const difference = a ^ b;
  return difference === 0 ? 0 : (a & difference & -difference) !== 0 ? -1 : 1;
}

/**
 * The parts of the character, or those of the letters that it stands for, where these can be spelled whole or those not at
 * all. Signs stay signs ("™" is not read as "tm"), accents that stand alone are no space, and half a number is another ("½").
 * @param fold brings the letters into the case of the alphabet
 */
export function readableParts(character: string, alphabet: Speller, fold: (text: string) => string): Parts {
  const own = spellableParts(character, alphabet);
  const letters = fold(character.normalize("NFKC"));
  if (letters === character || /^\s|\p{Other_Symbol}/u.test(letters + character)) return own;
  const read = splitCharacters(letters).map((part) =>
    alphabet.spell(part) ? { kept: part, lost: [] } : spellableParts(part, alphabet),
  );
  const kept = read.map((part) => part.kept).join("");
  const lost = read.flatMap((part) => part.lost);
  const isBetter = lost.length === 0 || (own.kept === "" && !/\p{Number}/u.test(character));
  return isBetter ? { kept, lost } : own;
}
