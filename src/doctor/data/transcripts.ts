// Checks on what is written: empty transcripts, letters that the alphabet cannot spell, the wrong case, texts that were
// cut by whatever wrote the manifest. They do not open recordings.

import type { Utterance } from "../../data/index.ts";
import type { Warning } from "../../errors.ts";
import { normalizeTranscript, type Alphabet } from "../../text/index.ts";
import { count, firstFew, outOf, roughPercent, quoted, severityOfShare } from "../brief.ts";
import { check, finding, type Check, type Finding, type Verdict } from "../finding.ts";
import type { CorpusEvidence } from "./evidence.ts";
import { moreThanChance } from "./statistics.ts";

const rows = check<CorpusEvidence, "leftOut">({
  name: "every row of the manifest is usable",
  finds: { MALFORMED_ROWS: ["evidence", 30] },
  needs: ["leftOut"],
  run: ({ leftOut }) => {
    const long = leftOut.filter(({ code }) => code === "LINE_BREAK_IN_FIELD");
    const others = leftOut.filter((warning) => !long.includes(warning));
    const findings = [
      malformed(
        others,
        "Some rows of the manifest are left out, since they cannot be read as a recording and its text.",
        "Correct these rows, or take them out.",
      ),
      malformed(
        long,
        "Fields of the manifest go on over several lines: a stray quote may have swallowed the rows between.",
        "Look at these lines, and take stray quotes out.",
      ),
    ].flat();
    return findings.length > 0 ? findings : "healthy";
  },
});

function malformed(warnings: readonly Warning[], diagnosis: string, remedy: string): Finding[] {
  if (warnings.length === 0) return [];
  const evidence = warnings.map(({ message }) => message);
  return [finding({ code: "MALFORMED_ROWS", severity: "warning", diagnosis, evidence, remedy })];
}

const empty = check<CorpusEvidence, "utterances">({
  name: "every transcript has words",
  finds: { EMPTY_TRANSCRIPTS: ["labels", 10] },
  needs: ["utterances"],
  run: ({ utterances }) => {
    const wordless = utterances.filter(({ transcript }) => !/[\p{L}\p{N}]/u.test(transcript));
    if (wordless.length === 0) return "healthy";
    return [
      finding({
        code: "EMPTY_TRANSCRIPTS",
        severity: severityOfShare(wordless.length, utterances.length),
        diagnosis: "Transcripts without words teach the network to answer speech with blanks.",
        evidence: [
          `${outOf(wordless.length, utterances.length)} transcripts have no letter and no digit`,
          ...firstFew(wordless.map(({ where, transcript }) => `${where}  ${quoted(transcript)}`)),
        ],
        remedy: "Write down what is said, or take the rows out; keep them only where nobody speaks.",
      }),
    ];
  },
});

const spelling = check<CorpusEvidence, "utterances" | "spelling">({
  name: "the alphabet spells every transcript",
  finds: { WRONG_CASE: ["labels", 20], UNKNOWN_LETTERS: ["labels", 30], LETTERS_LEFT_OUT: ["labels", 40] },
  needs: ["utterances", "spelling"],
  run: ({ utterances, spelling: { alphabet, transcript } }) => {
    const { refused, dropped } = spell(utterances, alphabet, transcript);
    const otherCase = [...refused.keys()].filter((letter) => spelledInOtherCase(letter, alphabet));
    const findings: Finding[] = [];
    if (otherCase.length > 0) findings.push(wrongCase(otherCase, refused, utterances.length));
    const unknown = [...refused.keys()].filter((letter) => !otherCase.includes(letter));
    if (unknown.length > 0) findings.push(unknownLetters(unknown, refused, utterances.length));
    const letters = [...dropped.keys()].filter((letter) => /[\p{L}\p{N}]/u.test(letter));
    if (letters.length > 0) findings.push(leftOut(letters, dropped, utterances.length));
    return findings.length > 0 ? findings : "healthy";
  },
});

/** Character → the rows in which it is. */
type Places = Map<string, Set<string>>;

function spell(
  utterances: readonly Utterance[],
  alphabet: Alphabet,
  policy: Parameters<typeof normalizeTranscript>[2],
): { refused: Places; dropped: Places } {
  const [refused, dropped]: [Places, Places] = [new Map(), new Map()];
  const note = (places: Places, character: string, where: string) =>
    places.set(character, (places.get(character) ?? new Set()).add(where));
  const lenient = { ...policy, unknown: "drop" as const };
  for (const { transcript, where } of utterances) {
    const mapped = policy.unknown === "map" ? new Set(Object.keys(policy.map)) : new Set<string>();
    for (const character of normalizeTranscript(transcript, alphabet, lenient, where).dropped) {
      if (policy.unknown === "drop") note(dropped, character, where);
      else if (!mapped.has(character)) note(refused, character, where);
    }
  }
  return { refused, dropped };
}

function spelledInOtherCase(letter: string, alphabet: Alphabet): boolean {
  const others = [letter.toLowerCase(), letter.toUpperCase()].filter((other) => other !== letter);
  return others.some((other) => alphabet.spell(other) !== undefined);
}

function listed(letters: readonly string[], places: Places): string[] {
  const ranked = letters.toSorted((a, b) => places.get(b)!.size - places.get(a)!.size);
  return firstFew(
    ranked.map((letter) => {
      const [first, ...others] = places.get(letter)!;
      return `${quoted(letter)}  ${first}${others.length > 0 ? ` and ${count(others.length, "other row")}` : ""}`;
    }),
  );
}

function rowsWith(letters: readonly string[], places: Places): number {
  return new Set(letters.flatMap((letter) => [...places.get(letter)!])).size;
}

function wrongCase(letters: readonly string[], places: Places, total: number): Finding {
  return finding({
    code: "WRONG_CASE",
    severity: "wrong",
    diagnosis:
      "Transcripts and alphabet differ in upper and lower case, so that the alphabet cannot spell them.",
    evidence: [`${outOf(rowsWith(letters, places), total)} transcripts`, ...listed(letters, places)],
    remedy: "Set transcript.lowercase to true with an alphabet in lower case, or write both in one case.",
  });
}

function unknownLetters(letters: readonly string[], places: Places, total: number): Finding {
  return finding({
    code: "UNKNOWN_LETTERS",
    severity: "wrong",
    diagnosis: "Transcripts hold characters that the alphabet cannot spell; training refuses them.",
    evidence: [`${outOf(rowsWith(letters, places), total)} transcripts`, ...listed(letters, places)],
    remedy: 'Add them to the alphabet, write them out, or set transcript.unknown to "map" or "drop".',
  });
}

function leftOut(letters: readonly string[], places: Places, total: number): Finding {
  const rows = rowsWith(letters, places);
  return finding({
    code: "LETTERS_LEFT_OUT",
    severity: severityOfShare(rows, total),
    diagnosis:
      'transcript.unknown = "drop" takes letters or digits out that are spoken, so that words are misspelled.',
    evidence: [`${outOf(rows, total)} transcripts`, ...listed(letters, places)],
    remedy: "Write numbers out as words and add letters of the language to the alphabet.",
  });
}

const cut = check<CorpusEvidence, "utterances">({
  name: "transcripts end where a sentence ends",
  finds: { TRANSCRIPTS_CUT: ["labels", 50] },
  needs: ["utterances"],
  run: ({ utterances }) => pileUp(utterances) ?? brokenLastWords(utterances),
});

const LEAST_PILE = 5;
const NEIGHBORS = 10;

/** Texts cut at a fixed length pile up at that length; lengths of speech thin out towards the longest. */
function pileUp(utterances: readonly Utterance[]): Verdict | undefined {
  const texts = new Set(utterances.map(({ transcript }) => transcript));
  const lengths = new Map<number, number>();
  for (const { length } of texts) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  const longest = Math.max(...lengths.keys());
  const piled = lengths.get(longest) ?? 0;
  const below = Array.from({ length: NEIGHBORS }, (_, i) => lengths.get(longest - 1 - i) ?? 0);
  const expected = Math.max(1, below.reduce((sum, number) => sum + number, 0) / NEIGHBORS);
  if (piled < LEAST_PILE || !moreThanChance(piled, expected)) return undefined;
  const rows = utterances.filter(({ transcript }) => transcript.length === longest);
  return [
    finding({
      code: "TRANSCRIPTS_CUT",
      severity: severityOfShare(rows.length, utterances.length),
      diagnosis: `Transcripts are cut at ${longest} characters: what is said after that is missing.`,
      evidence: [
        `${piled} texts have exactly ${longest} characters, the most of all; each of the ${NEIGHBORS} lengths below has ${expected.toFixed(1)} on average`,
        ...firstFew(rows.map(({ where, transcript }) => `${where}  …${transcript.slice(-30)}`)),
      ],
      remedy: "Write the manifest again without the limit on the length of a field.",
    }),
  ];
}

/** A word cut in two is one that stands nowhere else and begins a longer word; last words are held against all others. */
function brokenLastWords(utterances: readonly Utterance[]): Verdict {
  const sentences = utterances.map(({ transcript }) => transcript.split(/\s+/u).filter(Boolean));
  const times = new Map<string, number>();
  for (const word of sentences.flat()) times.set(word, (times.get(word) ?? 0) + 1);
  const beginnings = new Set([...times.keys()].flatMap((word) => prefixes(word)));
  const isBroken = (word: string): boolean => times.get(word) === 1 && beginnings.has(word);
  const last = utterances.filter((_, i) => sentences[i].length > 1 && isBroken(sentences[i].at(-1)!));
  const inner = sentences.flatMap((words) => words.slice(0, -1));
  const usual = inner.filter(isBroken).length / Math.max(1, inner.length);
  const ends = sentences.filter(({ length }) => length > 1).length;
  if (last.length < LEAST_PILE || !moreThanChance(last.length, Math.max(1, usual * ends))) return "healthy";
  return [
    finding({
      code: "TRANSCRIPTS_CUT",
      severity: severityOfShare(last.length, utterances.length),
      diagnosis: "Transcripts end in the middle of a word: their last part is missing.",
      evidence: [
        `${outOf(last.length, ends)} last words stand nowhere else and begin a longer word; of the other words ${roughPercent(usual)} do`,
        ...firstFew(last.map(({ where, transcript }) => `${where}  …${transcript.slice(-30)}`)),
      ],
      remedy: "Write the manifest again from whole transcripts.",
    }),
  ];
}

function prefixes(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, i) => word.slice(0, i + 1));
}

export const transcriptChecks: readonly Check<CorpusEvidence>[] = [rows, empty, spelling, cut];
