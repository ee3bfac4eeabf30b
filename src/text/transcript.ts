// From a transcript as people write it to one that the alphabet can spell, by an explicit policy: nothing is lost
// without being asked for and reported, and no character ever becomes the blank. Knows nothing of files or audio.

import { EarshotError } from "../errors.ts";
import { z } from "../settings.ts";
import type { Alphabet } from "./alphabet.ts";
import { readableParts, replaceParts, spellableParts } from "./character-parts.ts";
import { collapseWhiteSpace, describeCharacter, howToAdd, splitCharacters } from "./characters.ts";

/** What to do with text that the alphabet cannot spell. */
export const transcriptPolicy = z.strictObject({
  lowercase: z
    .boolean()
    .default(true)
    .describe("Lower-case transcripts. Without effect when the alphabet has upper-case symbols of its own."),
  language: z
    .string()
    .refine(isLanguageTag, { message: "A language is a BCP 47 tag, such as tr or pt-BR" })
    .optional()
    .describe(
      "Whose rules lower-case transcripts, as a BCP 47 tag: with tr, I becomes ı. By default those that most languages share.",
    ),
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
      "Replacements for unknown = map, such as { é: e, ’: ' }, of a character or of one of its marks; an empty one leaves it out.",
    ),
});

export type TranscriptPolicy = z.output<typeof transcriptPolicy>;

/** What a policy has to know of an alphabet. */
export type SymbolSet = Pick<Alphabet, "spell" | "hasUpperCase">;

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/**
 * Brings a transcript into Unicode normal form C, lower case (see `transcriptPolicy`), single spaces and the symbols
 * of the alphabet. Of a character that the alphabet cannot spell, the parts that it can spell stay: a vowel mark or an
 * accent does not take its letter along, and a ligature or a full-width letter is read as the letters that it stands for.
 * `where` names its origin, for example `train.csv:412`.
 * @returns the text, which `alphabet.encode` accepts, and what was left out, in order, once for each time.
 * @throws UNKNOWN_SYMBOL under "error", and under "map" for a character not in the map; INVALID_TRANSCRIPT_MAP
 */
export function normalizeTranscript(
  text: string,
  alphabet: SymbolSet,
  policy: TranscriptPolicy,
  where: string,
): { text: string; dropped: readonly string[] } {
  if (isPlain(text) && everySpelled(text, alphabet)) return { text, dropped: [] };
  const fold = caseFolding(alphabet, policy);
  const map = policy.unknown === "map" ? Object.entries(policy.map) : [];
  const written = new Map(map.map(([from, to]) => [from.normalize("NFC"), fold(to)]));
  const folded = new Map(map.map(([from, to]) => [fold(from), fold(to)]));
  const task: Respelling = { alphabet, policy, where, map: folded, fold, dropped: [] };
  // The map comes before the case: in Turkish, { I: ı } and { i: i } are two characters.
  const characters = splitCharacters(text.trim().normalize("NFC")).map((character) => {
    const replacement = alphabet.spell(character) ? undefined : written.get(character);
    return replacement === undefined ? character : replace(character, replacement, task);
  });
  const respelled = splitCharacters(fold(characters.join("")))
    .map((character) => (/^\s+$/u.test(character) ? " " : character))
    .map((character, index) => respell(character, index + 1, task))
    .join("");
  return { text: collapseWhiteSpace(respelled.normalize("NFC")), dropped: task.dropped };
}

/** Words of a to z and apostrophes, a space between them: no form, case or policy changes them. */
export const isPlain = (text: string): boolean => /^[a-z']+(?: [a-z']+)*$/.test(text);

const PLAIN = Array.from(" 'abcdefghijklmnopqrstuvwxyz");

/** Asks for each character once. @param text plain */
function everySpelled(text: string, alphabet: SymbolSet): boolean {
  let found = 0; // a bit for each of `PLAIN`
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    found |= code === 32 ? 1 : code === 39 ? 2 : 1 << (code - 97 + 2);
  }
  return PLAIN.every((character, place) => !(found & (1 << place)) || alphabet.spell(character));
}

interface Respelling {
  readonly alphabet: SymbolSet;
  readonly policy: TranscriptPolicy;
  readonly where: string;
  /** Replacements, after case folding. */
  readonly map: ReadonlyMap<string, string>;
  readonly fold: (text: string) => string;
  /** What was left out so far. */
  readonly dropped: string[];
}

/** A character by symbols of the alphabet: as it is, by the map, or by as much of it as can be spelled. */
function respell(character: string, position: number, task: Respelling): string {
  const { alphabet, policy, where, map, fold, dropped } = task;
  if (alphabet.spell(character)) return character;
  const whole = map.get(character);
  if (whole !== undefined) return replace(character, whole, task);
  const { text, replaced, others } = replaceParts(character, map);
  if (replaced.length > 0 && splitCharacters(text).every((part) => alphabet.spell(part))) {
    dropped.push(...replaced.filter((part) => map.get(part) === ""));
    return text;
  }
  for (const part of replaced) checkReplacement(part, map.get(part)!, alphabet, where);
  if (policy.unknown !== "drop") {
    const { kept, lost } = spellableParts(others, alphabet);
    const isOne = kept === "" || lost.length === 0 || [...character].length === 1;
    throw unknownCharacter(isOne ? character : lost[0], position, alphabet, policy, where);
  }
  const { kept, lost } = readableParts(character, alphabet, fold);
  dropped.push(...(kept === "" ? [character] : lost));
  return kept;
}

function replace(character: string, replacement: string, { alphabet, where, dropped }: Respelling): string {
  if (replacement === "") dropped.push(character);
  checkReplacement(character, replacement, alphabet, where);
  return replacement;
}

/** Into normal form C, and into lower case where the policy says so and the alphabet has no upper case of its own. */
function caseFolding(alphabet: SymbolSet, { lowercase, language }: TranscriptPolicy) {
  if (!lowercase || alphabet.hasUpperCase) return (text: string): string => text.normalize("NFC");
  return (text: string): string => text.toLocaleLowerCase(language ?? "en").normalize("NFC");
}

function checkReplacement(character: string, replacement: string, alphabet: SymbolSet, where: string): void {
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
  alphabet: SymbolSet,
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

function remedyFor(character: string, alphabet: SymbolSet): string {
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
  return `Write it out in the transcript, or set transcript.unknown to "map" with transcript.map ${entry}, or to "drop" to leave such characters out, or ${howToAdd(character)}`;
}
