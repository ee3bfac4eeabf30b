// Words become the cues of subtitles: lines of a length that one can read, for a time that one needs. A cue ends at a
// pause, or where two lines are full. Lengths as in the guidelines of broadcasters: 2 lines of 42 characters, 7 s.

import type { Word } from "../transcription.ts";
import { wordSeparator, type RecordStream, type TranscriptRecord } from "./writer.ts";

export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** One line or two. */
  readonly text: string;
}

const LINE_CHARACTERS = 42;
const LONGEST_CUE_MS = 7000;
const SHORTEST_CUE_MS = 1000; // unless the next cue begins earlier
const PAUSE_MS = 700;

export function cuesOf(record: Pick<TranscriptRecord, "text" | "words">): Cue[] {
  const separator = wordSeparator(record);
  return cuesOfGroups(groupWords(record.words, separator), separator);
}

function cuesOfGroups(groups: readonly Word[][], separator: string): Cue[] {
  return groups.map((words, i) => {
    const [startMs, endMs] = [words[0].startMs, words[words.length - 1].endMs];
    const next = groups[i + 1]?.[0].startMs ?? Infinity;
    const text = twoLines(words, separator);
    return { startMs, endMs: Math.min(Math.max(endMs, startMs + SHORTEST_CUE_MS), next), text };
  });
}

/** The cues of words that come one after the other: each as soon as the next one has begun. */
export class CueStream {
  readonly #separator: string;
  #words: Word[] = [];

  constructor(separator: string) {
    this.#separator = separator;
  }

  push(words: readonly Word[]): Cue[] {
    this.#words.push(...words);
    const groups = groupWords(this.#words, this.#separator);
    this.#words = groups.at(-1) ?? [];
    return cuesOfGroups(groups, this.#separator).slice(0, -1);
  }

  finish(): Cue[] {
    return cuesOfGroups(groupWords(this.#words, this.#separator), this.#separator);
  }
}

/** A record of cues, written as its words come. @param write a cue, and its number from 0 */
export function cueRecords(write: (cue: Cue, number: number) => string): (separator: string) => RecordStream {
  return (separator) => {
    const stream = new CueStream(separator);
    let [given, number] = [0, 0];
    const written = (cues: readonly Cue[]) => cues.map((cue) => write(cue, number++)).join("");
    return {
      words(words) {
        given += words.length;
        return written(stream.push(words));
      },
      finish: ({ words }) => written([...stream.push(words.slice(given)), ...stream.finish()]),
    };
  };
}

function groupWords(words: readonly Word[], separator: string): Word[][] {
  const groups: Word[][] = [];
  for (const word of words) {
    const group = groups.at(-1);
    if (group && fits(group, word, separator)) group.push(word);
    else groups.push([word]);
  }
  return groups;
}

function fits(group: readonly Word[], word: Word, separator: string): boolean {
  const isPause = word.startMs - group[group.length - 1].endMs >= PAUSE_MS;
  const isLong = word.endMs - group[0].startMs > LONGEST_CUE_MS;
  return !isPause && !isLong && linesOf([...group, word], separator).length <= 2;
}

/** Lines filled one after the other; a longer word has one of its own. */
function linesOf(words: readonly Word[], separator: string): string[] {
  const lines: string[] = [];
  for (const { text } of words) {
    const line = lines.at(-1);
    if (line !== undefined && `${line}${separator}${text}`.length <= LINE_CHARACTERS)
      lines[lines.length - 1] = `${line}${separator}${text}`;
    else lines.push(text);
  }
  return lines;
}

const twoLines = (words: readonly Word[], separator: string): string => linesOf(words, separator).join("\n");

/** 1:02:03.045 as subtitles write it: hours, minutes and seconds of two digits, and the milliseconds. */
export function timestamp(ms: number, point: "." | ","): string {
  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map(Math.floor);
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}${point}${pad(ms % 1000, 3)}`;
}
