// A recording with its text: what the room shows, plays and saves.

import type { Transcription } from "../earshot.ts";
import type { Rows } from "../pictures/letters.ts";

export interface Take {
  /** Of its file, or "recording". */
  readonly name: string;
  /** Mono at 16 kHz. */
  readonly samples: Float32Array;
  /** The same as a file, to be played. */
  readonly wav: Uint8Array;
  readonly transcription: Transcription;
  /** What the model says at each step; unknown of what a server recognized. */
  readonly rows?: Rows;
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
