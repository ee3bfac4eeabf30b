// What speaks texts, behind one small interface. An engine is opened for one language; a new one is a file in engines/ and
// a line in engines.ts. Engines know nothing of corpora, speakers' splits or files of recordings.

import { EarshotError, nearestName } from "../errors.ts";
import type { FetchProgress } from "../platform/index.ts";

export interface SpeechVoice {
  /** As its engine knows it. */
  readonly name: string;
  /** Whose voice it is: one speaker may have several voices, such as accents. */
  readonly speaker: string;
  /** Of the voice, as in "en-gb"; it may speak another one with its accent. */
  readonly language: string;
}

/** A voice, or several mixed into a new one: shares are above 0, and 1 together. */
export type VoiceMix = readonly { readonly voice: string; readonly share: number }[];

export interface SpeakOptions {
  /** 1 for the voice's own, 1.2 for a fifth faster. */
  readonly speed: number;
  readonly signal?: AbortSignal;
}

export interface SpokenSound {
  /** Mono. */
  readonly samples: Float32Array;
  readonly rateHz: number;
}

export interface SpeechEngine {
  readonly name: string;
  /** Whether it can mix voices. */
  readonly mixes: boolean;
  /** How many texts it speaks at once. */
  readonly parallel: number;
  /** Those that speak the language that it was opened for; at least one. */
  readonly voices: readonly SpeechVoice[];
  /** The same text, voices and speed give the same sound. @throws EarshotError SPEECH_FAILED, or the signal's reason */
  speak(text: string, mix: VoiceMix, options: SpeakOptions): Promise<SpokenSound>;
  close(): Promise<void>;
}

export interface SpeechEngineOptions {
  /** As in "en" or "en-gb". */
  readonly language: string;
  /** Of the files that it needs, if any; by default where `fetchFiles` puts them. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
}

export interface SpeechFetchOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, progress: FetchProgress) => void;
}

/** How an engine is opened, and what is said of it before it is. */
export interface SpeechEngineKind {
  readonly name: string;
  /** One line: what it is, and its licence. */
  readonly description: string;
  /** Brings the files that it needs into the folder, as far as they are not there. @throws EarshotError DOWNLOAD_FAILED, CHECKSUM_MISMATCH */
  fetchFiles?(folder: string | undefined, options: SpeechFetchOptions): Promise<void>;
  /** @throws EarshotError SPEECH_ENGINE_ABSENT, LANGUAGE_NOT_SPOKEN */
  open(options: SpeechEngineOptions): Promise<SpeechEngine>;
}

/** @param why it cannot be used, as a sentence */
export function absentSpeechEngine(name: string, why: string, remedy: string, cause?: unknown): EarshotError {
  return new EarshotError({ code: "SPEECH_ENGINE_ABSENT", where: name, problem: why, remedy }, { cause });
}

export function languageNotSpoken(
  engine: string,
  language: string,
  languages: readonly string[],
): EarshotError {
  const near = nearestName(language, languages);
  return new EarshotError({
    code: "LANGUAGE_NOT_SPOKEN",
    where: engine,
    problem: `It has no voice that speaks "${language}".`,
    remedy: near === undefined ? `It speaks ${languages.join(", ")}.` : `Did you mean "${near}"?`,
  });
}

/** @param why as part of a sentence */
export function speechFailed(engine: string, text: string, why: string): EarshotError {
  return new EarshotError({
    code: "SPEECH_FAILED",
    where: engine,
    problem: `It did not speak "${text}": ${why}.`,
    remedy: "Change the text, or take another voice or engine.",
  });
}
