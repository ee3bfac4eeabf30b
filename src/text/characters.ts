// What counts as one character: an extended grapheme cluster (Unicode Standard Annex 29) of text in normal form C,
// so that "é" is one character however it was typed. Knows nothing of alphabets.

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The characters of a text, in order. The text should be in normal form C. */
export function splitCharacters(text: string): string[] {
  if (/^[ -~]*$/.test(text)) return text.split(""); // printable ASCII: about 20 times as fast
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/**
 * What spells a character: what is found for the whole of it, or else for each of its code points, composed or decomposed;
 * undefined where some are not found. So "g̃" is found in a set of code points, and "é" beside its accent.
 */
export function spellCharacter<Found>(
  character: string,
  find: (part: string) => Found | undefined,
): Found[] | undefined {
  for (const parts of [[character], Array.from(character), Array.from(character.normalize("NFD"))]) {
    const found = parts.map(find);
    if (found.every((part) => part !== undefined)) return found;
  }
  return undefined;
}

/** A text with each run of white space as one space and none at its ends. */
export function collapseWhiteSpace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** A character for an error message, quoted and with its code points: `"é" (U+00E9)`. */
export function describeCharacter(character: string): string {
  const codes = Array.from(character, (point) =>
    point.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0"),
  );
  return `"${character}" (${codes.map((code) => `U+${code}`).join(" ")})`;
}

/** The end of a remedy: how a character becomes a symbol of the alphabet that is trained with. */
export function howToAdd(character: string): string {
  const isPlain = /^[^\s\p{Mark}\p{Other}#\\]/u.test(character);
  const codes = Array.from(character, (point) => `\\u{${point.codePointAt(0)!.toString(16)}}`);
  const line = isPlain ? character : codes.join("");
  return `add it for training: a line ${line} in the file of --set alphabet=alphabet.txt (docs/alphabet.md), or let train --alphabet-from-data list the symbols of the transcripts.`;
}
