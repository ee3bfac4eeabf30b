// From a transcript as people write it to one that the alphabet can spell, by an explicit policy: nothing is lost
// without being asked for and reported, and no character ever becomes the blank. Knows nothing of files or audio.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import type { Alphabet } from "./alphabet.ts";
import { collapseWhiteSpace, describeCharacter, splitCharacters } from "./characters.ts";

/** What to do with text that the alphabet cannot spell. */
export const transcriptPolicy = z.strictObject({
  lowercase: z
    .boolean()
    .default(true)
    .describe("Lower-case transcripts. Without effect when the alphabet has upper-case symbols of its own."),
  unknown: z
    .enum(["error", "drop", "map"])
    .default("error")
    .describe(
      "A character that the alphabet cannot spell: stop, leave it out and report it, or replace it by `map`.",
    ),
  map: z
    .record(z.string(), z.string())
    .default({})
    .refine((map) => Object.keys(map).every((key) => splitCharacters(key.normalize("NFC")).length === 1), {
      message: "Each key of the map is one character",
    })
    .describe(
      "Replacements for unknown = map, such as { é: e, ’: ' }; an empty one leaves the character out.",
    ),
});

export type TranscriptPolicy = z.output<typeof transcriptPolicy>;

/**
 * Brings a transcript into Unicode normal form C, lower case (see `transcriptPolicy`), single spaces and the symbols
 * of the alphabet. `where` names its origin, for example `train.csv:412`.
 * @returns the text, which `alphabet.encode` accepts, and the characters left out, in order, once for each time.
 * @throws UNKNOWN_SYMBOL under "error", and under "map" for a character not in the map; INVALID_TRANSCRIPT_MAP
 */
export function normalizeTranscript(
  text: string,
  alphabet: Alphabet,
  policy: TranscriptPolicy,
  where: string,
): { text: string; dropped: readonly string[] } {
  const lowercase = policy.lowercase && !alphabet.hasUpperCase;
  const fold = (part: string) => (lowercase ? part.toLowerCase() : part).normalize("NFC");
  const map = new Map(Object.entries(policy.map).map(([from, to]) => [fold(from), fold(to)]));
  const dropped: string[] = [];

  const respell = (written: string, index: number): string => {
    const character = /^\s+$/u.test(written) ? " " : written;
    if (alphabet.spell(character)) return character;
    const replacement =
      policy.unknown === "map" ? map.get(character) : policy.unknown === "drop" ? "" : undefined;
    if (replacement === undefined) throw unknownCharacter(character, index + 1, alphabet, policy, where);
    if (replacement === "") dropped.push(character);
    checkReplacement(character, replacement, alphabet, where);
    return replacement;
  };

  const respelled = splitCharacters(fold(text.trim())).map(respell).join("");
  return { text: collapseWhiteSpace(respelled.normalize("NFC")), dropped };
}

function checkReplacement(character: string, replacement: string, alphabet: Alphabet, where: string): void {
  const unknown = splitCharacters(replacement).find((part) => !alphabet.spell(part));
  if (unknown === undefined) return;
  throw new EarshotError({
    code: "INVALID_TRANSCRIPT_MAP",
    where,
    problem: `The map replaces ${describeCharacter(character)} by "${replacement}", but the alphabet cannot spell ${describeCharacter(unknown)} either.`,
    remedy: "Use only symbols of the alphabet in the replacements of transcript.map.",
  });
}

function unknownCharacter(
  character: string,
  position: number,
  alphabet: Alphabet,
  policy: TranscriptPolicy,
  where: string,
): EarshotError {
  return new EarshotError({
    code: "UNKNOWN_SYMBOL",
    where,
    problem: `The alphabet cannot spell ${describeCharacter(character)}, character ${position} of the transcript${
      policy.unknown === "map" ? ", and transcript.map has no replacement for it" : ""
    }.`,
    remedy: remedyFor(character, alphabet),
  });
}

function remedyFor(character: string, alphabet: Alphabet): string {
  if (character !== character.toLowerCase() && alphabet.spell(character.toLowerCase())) {
    return alphabet.hasUpperCase
      ? `The alphabet has "${character.toLowerCase()}": write the transcript so, or add "${character}" to the alphabet.`
      : "The alphabet is in lower case: set transcript.lowercase to true.";
  }
  if (character !== character.toUpperCase() && alphabet.spell(character.toUpperCase())) {
    return "The alphabet has it in upper case only: write the transcripts in upper case, or list the alphabet in lower case.";
  }
  const near = [...character.normalize("NFKD")].find((part) => alphabet.spell(part)) ?? "…";
  const entry = JSON.stringify({ [character]: near });
  return `Write it out in the transcript, or set transcript.unknown to "map" with transcript.map ${entry}, or to "drop" to leave such characters out, or add it to the alphabet.`;
}
