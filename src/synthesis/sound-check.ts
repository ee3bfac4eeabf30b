// Whether what was spoken can be heard: how loud it is, whether it is clipped, and whether it is as long as its text. And
// the silence around it, of which engines leave more than people do.

import { soundLevels, SAMPLE_RATE_HZ, LEVEL_HOP_MS, peakOf } from "../audio/index.ts";

/** Beside the first and the last sound. */
const KEPT_SILENCE_MS = 150;
/** So far below the loudest 10 ms there is no speech. */
const SPEECH_RANGE_DB = 45;

const QUIETEST_PEAK = 0.02; // of full scale: −34 dB
const FULL_SCALE = 0.999;
const MOST_CLIPPED = 0.002; // of the samples

// Letters a second, at speed 1, of what is sound; each text may take a little longer.
const FASTEST = 40;
const SLOWEST = 4;
const MARGIN_SECONDS = 1.2;
/** A digit is read as a word. */
const LETTERS_OF_A_DIGIT = 6;

/** The hops of the first and the last sound; none in silence. */
function soundExtent(samples: Float32Array): readonly [first: number, last: number] | undefined {
  const levels = soundLevels(samples).all;
  const loudest = levels.reduce((most, level) => Math.max(most, level), -Infinity);
  const isSound = (level: number): boolean => level > loudest - SPEECH_RANGE_DB;
  const first = levels.findIndex(isSound);
  return first < 0 ? undefined : [first, levels.findLastIndex(isSound)];
}

const HOP = (LEVEL_HOP_MS * SAMPLE_RATE_HZ) / 1000; // samples

/** Without the silence before and after it, but for a little. @param samples at 16 kHz */
export function trimSpeech(samples: Float32Array): Float32Array {
  const sound = soundExtent(samples);
  if (sound === undefined) return samples;
  const margin = (KEPT_SILENCE_MS * SAMPLE_RATE_HZ) / 1000;
  return samples.slice(Math.max(0, sound[0] * HOP - margin), (sound[1] + 1) * HOP + margin);
}

/** Why a recording is not what it should be, as part of a sentence; undefined when nothing speaks against it. */
export function speechFault(samples: Float32Array, text: string, speed: number): string | undefined {
  const peak = peakOf(samples);
  const sound = soundExtent(samples);
  if (sound === undefined || !(peak > 0)) return "it is silent";
  if (peak < QUIETEST_PEAK) return `it is too quiet: its peak is ${peak.toFixed(4)} of full scale`;
  const clipped = samples.reduce((count, sample) => count + Number(Math.abs(sample) >= FULL_SCALE), 0);
  if (clipped > MOST_CLIPPED * samples.length) return `it is clipped: ${clipped} samples at full scale`;
  const seconds = ((sound[1] + 1 - sound[0]) * LEVEL_HOP_MS) / 1000;
  const letters = lettersOf(text);
  const [least, most] = [letters / FASTEST / speed, (MARGIN_SECONDS + letters / SLOWEST) / speed];
  const length = `${seconds.toFixed(2)} s of sound for ${letters} letters at speed ${speed}`;
  if (seconds < least) return `it is too short: ${length}`;
  if (seconds > most) return `it is too long: ${length}`;
  return undefined;
}

function lettersOf(text: string): number {
  const digits = text.match(/\p{N}/gu)?.length ?? 0;
  return (text.match(/\p{L}/gu)?.length ?? 0) + LETTERS_OF_A_DIGIT * digits;
}
