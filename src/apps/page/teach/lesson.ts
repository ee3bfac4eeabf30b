// A lesson: the words that are to be taught, how often each is recorded, what was recorded, and what it begins from. Plain data; what is
// kept between visits.

import type { Problem } from "./take-quality.ts";

export interface LessonRecording {
  /** In the lesson's folder. */
  readonly file: string;
  readonly word: string;
  readonly seconds: number;
  /** That were known when it was kept. */
  readonly problems: readonly Problem[];
}

/** What training begins from. */
export type LessonBase =
  { readonly kind: "shipped" | "own"; readonly name: string } | { readonly kind: "nothing" };

/** Recordings from a folder, in place of those of the microphone. */
export interface LessonFolder {
  /** Of the manifest, or of the folder, in the page's storage. */
  readonly manifest: string;
  readonly folder: string;
  readonly utterances: number;
  /** One of them, which is looked at while training goes on. */
  readonly watched: { readonly path: string; readonly word: string };
}

export interface WordLesson {
  readonly name: string;
  readonly words: readonly string[];
  /** How often each is to be recorded. */
  readonly times: number;
  readonly recordings: readonly LessonRecording[];
  readonly imported?: LessonFolder;
  readonly base: LessonBase;
  /** Whether there is a run, and whether it came to its end. */
  readonly training: "none" | "begun" | "done";
}

export const FEWEST_WORDS = 2;
export const MOST_WORDS = 50;
export const USUAL_TIMES = 5;
/** Of each word, for one to be held back to measure with. */
const ENOUGH_TO_HOLD_BACK = 4;

export const emptyLesson = (base: LessonBase): WordLesson => {
  return { name: "", words: [], times: USUAL_TIMES, recordings: [], base, training: "none" };
};

/** One a line, as the model spells them: lower case, single spaces, each once. */
export function lessonWords(text: string): string[] {
  const lines = text
    .split("\n")
    .map((line) => line.normalize("NFC").toLowerCase().replaceAll(/\s+/g, " ").trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

/** Symbols of the words that are not among these, each once. */
export function strangeSymbols(words: readonly string[], symbols: readonly string[]): string[] {
  const known = new Set(symbols);
  return [...new Set(words.flatMap((word) => [...word]))].filter((symbol) => !known.has(symbol));
}

export const takesOf = ({ recordings }: WordLesson, word: string): LessonRecording[] =>
  recordings.filter((recording) => recording.word === word);

/** The word to be said next: rounds of all words, since one that is said again and again sounds alike. */
export function nextWord(lesson: WordLesson): string | undefined {
  const counts = lesson.words.map((word) => takesOf(lesson, word).length);
  const fewest = Math.min(...counts);
  return fewest >= lesson.times ? undefined : lesson.words[counts.indexOf(fewest)];
}

/** Recordings of words that are still in the lesson. */
export const usedRecordings = ({ words, recordings }: WordLesson): LessonRecording[] =>
  recordings.filter(({ word }) => words.includes(word));

export function isReady(lesson: WordLesson): boolean {
  if (lesson.imported) return true;
  return (
    lesson.words.length >= FEWEST_WORDS && lesson.words.every((word) => takesOf(lesson, word).length >= 2)
  );
}

/** A manifest of `earshot train`: of words with enough recordings the last is held back, to measure with. */
export function manifestOf(lesson: WordLesson): string {
  const rows = lesson.words.flatMap((word) => {
    const takes = takesOf(lesson, word);
    return takes.map(({ file }, i) => {
      const isHeldBack = takes.length >= ENOUGH_TO_HOLD_BACK && i === takes.length - 1;
      return [file, word, isHeldBack ? "dev" : "train"].map(quoted).join(",");
    });
  });
  return `${["path,transcript,split", ...rows].join("\n")}\n`;
}

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
