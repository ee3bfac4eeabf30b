// A lesson: the words that are to be taught, how often each is recorded, what was recorded, and what it begins from. Plain data; what is
// kept between visits.

import type { PageModel } from "../models.ts";
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
  { readonly kind: PageModel["origin"]; readonly name: string } | { readonly kind: "nothing" };

/** The model that it is, if it is one. */
export const modelOf = (base: LessonBase): PageModel | undefined =>
  base.kind === "nothing" ? undefined : { name: base.name, origin: base.kind };

/** Recordings from a folder, in place of those of the microphone. */
export interface LessonFolder {
  /** Of the manifest, or of the folder, in the page's storage. */
  readonly manifest: string;
  readonly folder: string;
  readonly utterances: number;
  /** Of these, those that are learned from: the others are for measuring. */
  readonly learned: number;
  /** Different transcripts, as they are spelled. */
  readonly texts: readonly string[];
  /** One of them, which is looked at while training goes on. */
  readonly watched: { readonly path: string; readonly word: string };
}

export interface WordLesson {
  readonly name: string;
  /** Typed; they stay while a folder takes their place. */
  readonly words: readonly string[];
  /** How often each is to be recorded. */
  readonly times: number;
  readonly recordings: readonly LessonRecording[];
  readonly imported?: LessonFolder;
  readonly base: LessonBase;
  /** What its model is called among those of the page; undefined before it is there. */
  readonly kept?: string;
  /** Whether there is a run, and whether it came to its end. */
  readonly training: "none" | "begun" | "done";
}

export const FEWEST_WORDS = 2;
export const MOST_WORDS = 50;
const MOST_TRIED = 500;
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

/** What the recordings say. */
export const textsOf = ({ imported, words }: WordLesson): readonly string[] => imported?.texts ?? words;

/** The only texts of a trial; none where there are so many that any text is looked for. */
export const trialTexts = (lesson: WordLesson): readonly string[] =>
  textsOf(lesson).length <= MOST_TRIED ? textsOf(lesson) : [];

/** Recordings of words that are still in the lesson. */
export const usedRecordings = ({ words, recordings }: WordLesson): LessonRecording[] =>
  recordings.filter(({ word }) => words.includes(word));

export function isReady(lesson: WordLesson): boolean {
  if (lesson.imported) return true;
  return (
    lesson.words.length >= FEWEST_WORDS && lesson.words.every((word) => takesOf(lesson, word).length >= 2)
  );
}

/** Of words with enough recordings the last is held back, to measure with. */
function splitTakes(
  lesson: WordLesson,
): { readonly file: string; readonly word: string; readonly split: string }[] {
  return lesson.words.flatMap((word) => {
    const takes = takesOf(lesson, word);
    const learned = takes.length >= ENOUGH_TO_HOLD_BACK ? takes.length - 1 : takes.length;
    return takes.map(({ file }, i) => ({ file, word, split: i < learned ? "train" : "dev" }));
  });
}

/** A manifest of `earshot train`. */
export function manifestOf(lesson: WordLesson): string {
  const rows = splitTakes(lesson).map(({ file, word, split }) => [file, word, split].map(quoted).join(","));
  return `${["path,transcript,split", ...rows].join("\n")}\n`;
}

/** How many recordings are learned from: neither those that are held back nor those of words that were taken out. */
export const countLearned = (lesson: WordLesson): number =>
  lesson.imported?.learned ?? splitTakes(lesson).filter(({ split }) => split === "train").length;

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
