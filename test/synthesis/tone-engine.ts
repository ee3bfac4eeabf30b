// An engine that hums instead of speaking: its voices are pitches, and each letter lasts a tenth of a second.

import type { SpeechEngine } from "../../src/synthesis/index.ts";

export interface ToneOptions {
  readonly name?: string;
  readonly people?: number;
  readonly mixes?: boolean;
  /** In place of a hum. */
  readonly samplesOf?: (text: string) => Float32Array;
}

export interface ToneEngine extends SpeechEngine {
  /** What it was asked to say so far. */
  readonly said: string[];
}

const RATE_HZ = 24_000;

export function toneEngine({
  name = "tone",
  people = 10,
  mixes = false,
  samplesOf,
}: ToneOptions = {}): ToneEngine {
  const said: string[] = [];
  const voices = Array.from({ length: people }, (_, n) => {
    return { name: `${200 + 20 * n}`, speaker: `p${n}`, language: "en" };
  });
  return {
    name,
    mixes,
    parallel: 2,
    voices,
    said,
    async speak(text, mix, { speed, signal }) {
      signal?.throwIfAborted();
      said.push(text);
      const hz = mix.reduce((sum, { voice, share }) => sum + share * Number(voice), 0);
      return { samples: samplesOf?.(text) ?? hum(hz, text.length / 10 / speed), rateHz: RATE_HZ };
    },
    close: () => Promise.resolve(),
  };
}

const hum = (hz: number, seconds: number): Float32Array =>
  Float32Array.from(
    { length: RATE_HZ * seconds },
    (_, n) => 0.3 * Math.sin((2 * Math.PI * hz * n) / RATE_HZ),
  );
