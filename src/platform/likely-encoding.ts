// Which older encoding the bytes of a text are probably in: the one that makes the likeliest text of them, by about how many
// bits a reader of it would need for each character. None, where none does or two do as well. Knows nothing of files.

import { encodingNamed } from "./text-encodings.ts";

interface Candidate {
  readonly label: string;
  /** What its texts have, or else there is no reason to name it. */
  readonly own: RegExp;
  /** Bits of a text that begins with nothing known, beside the likeliest encoding. */
  readonly prior: number;
  /** Bits of a character beyond ASCII, between two others ("" at the ends). */
  readonly bits: (character: string, before: string, after: string) => number;
  /** More a character is no text of it. */
  readonly most: number;
}

const ASCII_BITS = 4.5;
const CLEARLY = 4; // bits between the likeliest and the next
const UNLIKELY = 12;

const WESTERN = /[éèàêçäöüßñáíóúåøæãõâôîûëïùœìò]/;
const PUNCTUATION = /[’“”‘„–—…«»€£°§¿¡·©®™ªº№\u00a0]/;
const RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"; // the most frequent first
const FREQUENT_CHINESE =
  "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过";
const FREQUENT_KOREAN = "이다는에의가을고하지를도로한은사기리나어서자인아일그라안요니해시";

/** Made for each text, and not where none is at fault: the tables of characters take some milliseconds. */
const candidates = (): readonly Candidate[] => [
  { label: "windows-1252", own: /[^]/, prior: 0, bits: westernBits, most: 6.5 },
  { label: "windows-1251", own: /\p{Script=Cyrillic}/u, prior: 1, bits: russianBits, most: 6.4 },
  { label: "koi8-r", own: /\p{Script=Cyrillic}/u, prior: 3, bits: russianBits, most: 6.4 },
  { label: "shift_jis", own: /[\u3040-\u30ff\p{Script=Han}]/u, prior: 2, bits: japaneseBits(), most: 11.5 },
  { label: "gb18030", own: /\p{Script=Han}/u, prior: 2, bits: chineseBits(), most: 11.5 },
  { label: "euc-kr", own: /\p{Script=Hangul}/u, prior: 2, bits: koreanBits(), most: 11.5 },
];

/** A label of the WHATWG Encoding standard, in which all the bytes are text. @param at where they are not UTF-8 */
export function likelyEncoding(bytes: Uint8Array, at: number): string | undefined {
  const near = surroundingWords(bytes, at);
  const ranked = candidates()
    .flatMap((candidate) => {
      const bits = bitsOf(near, candidate);
      return bits === undefined ? [] : [{ ...candidate, bits }];
    })
    .toSorted((a, b) => a.bits.total - b.bits.total);
  const fitting = ranked.filter(({ label }) => strictly(bytes, label) !== undefined);
  const [best, next] = fitting;
  if (!best || best.bits.mean > best.most) return undefined;
  return next && next.bits.total - best.bits.total < CLEARLY ? undefined : best.label;
}

const WINDOW_BYTES = 4096;

/** The bytes around one, from white space to white space, which is no part of a character in any encoding here. */
function surroundingWords(bytes: Uint8Array, at: number): Uint8Array {
  const isSpace = (index: number) => bytes[index] === 10 || bytes[index] === 32;
  let [from, to] = [Math.max(0, at - WINDOW_BYTES), Math.min(bytes.length, at + WINDOW_BYTES)];
  while (from > 0 && !isSpace(from - 1)) from--;
  while (to < bytes.length && !isSpace(to)) to++;
  return bytes.subarray(from, to);
}

/** Undefined where some bytes are no characters, or control characters that no text has. */
function strictly(bytes: Uint8Array, label: string): string | undefined {
  try {
    const text = encodingNamed(label).decode(bytes);
    return /[\x80-\x9f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function bitsOf(bytes: Uint8Array, { label, own, prior, bits }: Candidate) {
  const text = strictly(bytes, label);
  if (text === undefined || !own.test(text)) return undefined;
  const characters = Array.from(text);
  let [ascii, beyond, sum] = [0, 0, 0];
  for (const [i, character] of characters.entries()) {
    if (character < "\x80") ascii++;
    else {
      beyond++;
      sum += bits(character, characters[i - 1] ?? "", characters[i + 1] ?? "");
    }
  }
  return { total: prior + ascii * ASCII_BITS + sum, mean: sum / beyond };
}

const isLetter = (character: string): boolean => /\p{Letter}/u.test(character);
const isUpper = (character: string): boolean => /\p{Lu}/u.test(character);
const isLower = (character: string): boolean => /\p{Ll}/u.test(character);
const isLatin = (character: string): boolean => /[a-z]/i.test(character);

/** Letters with marks stand among others without; a pair of them is rare. */
function westernBits(character: string, before: string, after: string): number {
  if (PUNCTUATION.test(character)) {
    const isInside = isLetter(before) && isLetter(after);
    return isInside && character !== "’" ? UNLIKELY : 5;
  }
  if (!WESTERN.test(character.toLowerCase())) return isLetter(character) ? 8 : UNLIKELY;
  const pair = isLetter(before) && before >= "\x80" ? 4 : 0;
  if (!isUpper(character)) return 4 + pair;
  return pair + (isLower(before) || pair > 0 ? UNLIKELY : 5.5);
}

const isVowel = (letter: string): boolean => /[аеёиоуыэюя]/i.test(letter);

/** Vowels and consonants take turns, words are wholly Cyrillic, and capitals begin them or are all of them. */
function russianBits(character: string, before: string, after: string): number {
  if (PUNCTUATION.test(character)) return 5;
  if (!/\p{Script=Cyrillic}/u.test(character)) return UNLIKELY;
  const rank = RUSSIAN.indexOf(character.toLowerCase());
  const frequency = rank < 0 ? 7 : 3.2 + (rank * 5.5) / RUSSIAN.length;
  const mixed = (isLatin(before) ? 6 : 0) + (isLatin(after) ? 6 : 0);
  const capital = isUpper(character) ? (isLower(before) ? 8 : isUpper(before) ? 1 : 2.5) : 0;
  const isCyrillic = /\p{Script=Cyrillic}/u.test(before);
  const alike = isCyrillic && isVowel(before) === isVowel(character) ? (isVowel(before) ? 2.5 : 1) : 0;
  return frequency + mixed + capital + alike;
}

/** The characters of the common level of a standard: two bytes each, of which the first is in a range. */
function commonLevel(label: string, first: number, last: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (let lead = first; lead <= last; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const text = strictly(Uint8Array.of(lead, trail), label) ?? "";
      if (text.length === 1) found.add(text);
    }
  }
  return found;
}

type Bits = Candidate["bits"];

const EAST_ASIAN_PUNCTUATION = /[\u3000-\u301f！（），．：；？“”‘’…—·ー～]/u;
const RARE_BITS = 15;
const COMMON_BITS = 9.5;

/** Punctuation is that of East Asia; beside Latin letters a character is less likely. */
const eastAsianBits =
  (bitsOfLetter: (character: string) => number): Bits =>
  (character, before, after) =>
    (EAST_ASIAN_PUNCTUATION.test(character) ? 5 : bitsOfLetter(character)) +
    (isLatin(before) ? 6 : 0) +
    (isLatin(after) ? 6 : 0);

/** More than half of Japanese is kana; those of half width are rare. */
function japaneseBits(): Bits {
  const common = commonLevel("shift_jis", 0x88, 0x98);
  return eastAsianBits((character) => {
    if (/[\uff61-\uff9f]/.test(character)) return COMMON_BITS;
    if (/[\u3040-\u30ff]/.test(character)) return 5.5;
    return common.has(character) ? COMMON_BITS : RARE_BITS;
  });
}

/** Without spaces between words. */
function chineseBits(): Bits {
  const common = commonLevel("gb18030", 0xb0, 0xd7);
  const bits = eastAsianBits((character) => {
    if (FREQUENT_CHINESE.includes(character)) return 6;
    return common.has(character) ? COMMON_BITS : RARE_BITS;
  });
  return (character, before, after) => bits(character, before, after) + (before === " " ? 5 : 0);
}

/** Two to five syllables a word. */
function koreanBits(): Bits {
  const common = commonLevel("euc-kr", 0xb0, 0xc8);
  const bits = eastAsianBits((character) => {
    if (FREQUENT_KOREAN.includes(character)) return 6;
    return common.has(character) ? COMMON_BITS - 0.5 : RARE_BITS;
  });
  return (character, before, after) => bits(character, before, after) + (before === " " ? 0 : 0.5);
}
