// A recording with its text: what the room shows, plays and saves.

import type { Transcription } from "../earshot.ts";
import type { Rows } from "../pictures/letters.ts";

type Warnings = Transcription["warnings"];

export interface DecodedSound {
  /** Of its file, or "recording". */
  readonly name: string;
  /** Mono at 16 kHz. */
  readonly samples: Float32Array;
  /** What was found when it was decoded. */
  readonly warnings: Warnings;
}

/** With the same as a file, to be played and sent. */
export interface PlayableSound extends DecodedSound {
  readonly wav: Uint8Array;
}

export interface Take extends PlayableSound {
  readonly transcription: Transcription;
  /** It could not be recognized: there is no text, and the sound is kept. */
  readonly isUnrecognized?: true;
  /** What the model says at each step; unknown of what a server recognized. */
  readonly rows?: Rows;
}

/** With what its decoder found, each once. */
export function withWarnings(transcription: Transcription, warnings: Warnings): Transcription {
  const others = transcription.warnings.filter(({ code }) => !warnings.some((each) => each.code === code));
  return { ...transcription, warnings: [...warnings, ...others] };
}

export function unrecognized(sound: PlayableSound, seconds: number): Take {
  const transcription = { text: "", words: [], alternatives: [], warnings: sound.warnings, seconds };
  return { ...sound, transcription, isUnrecognized: true };
}

/** What is to be expected of the next recording, as it stands in the boxes. */
export interface Expectations {
  /** A phrase a line, with its weight behind a colon if it has one. */
  readonly hotWords: string;
  readonly grammar: string;
}

/** Phrase → weight in nats. */
export function hotWordsOf(text: string, usualWeight = 10): Record<string, number> {
  const lines = text.split(/[\n,;]/).map((line) => line.trim());
  return Object.fromEntries(
    lines
      .filter((line) => line !== "")
      .map((line) => {
        const [, phrase, weight] = /^(.*?)(?::\s*(\d+(?:\.\d+)?))?$/.exec(line)!;
        return [phrase.trim(), weight === undefined ? usualWeight : Number(weight)];
      }),
  );
}
