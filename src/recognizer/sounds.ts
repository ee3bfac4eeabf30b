// Where a recording holds more than its noise, by its levels: the noise of a place is a low percentile of the levels near
// it. Knows nothing of words.

import { LEVEL_HOP_MS, type SoundLevels } from "../audio/index.ts";
import { quantile } from "../quantiles.ts";

/** In hops of the levels, from the first to the one after the last. */
export interface HopSpan {
  readonly from: number;
  readonly to: number;
}

/** Shorter sounds are clicks, shorter dips no silence. */
export const SHORTEST_SOUND = 30 / LEVEL_HOP_MS;
/** The noise of a place is learned from so much before it. */
const HISTORY = 4000 / LEVEL_HOP_MS;

/** Speech is louder than the noise by this; the noise is a low percentile of the levels, which short pauses suffice for. */
const ABOVE_NOISE_DB = 8;
const NOISE_SHARE = 0.05;
/** What is this far below the loudest is not heard as speech, however quiet the recording is otherwise. */
const BELOW_SPEECH_DB = 50;
const SPEECH_SHARE = 0.95;

/** What is louder than the noise, in order and apart. @param known the levels up to here may be used to tell the noise */
export function soundsIn(levels: SoundLevels, from: number, to: number, known: number): HopSpan[] {
  return spansOf(loudHops(levels, from, to, known));
}

/** The sounds of a whole recording, of any length: the noise of each second is that of the seconds around it. */
export function soundsOf(levels: SoundLevels): HopSpan[] {
  const second = 1000 / LEVEL_HOP_MS;
  const loud: number[] = [];
  for (let from = 0; from < levels.all.length; from += second)
    loud.push(...loudHops(levels, from, from + second, from + second + HISTORY));
  return spansOf(loud);
}

function loudHops({ all, high }: SoundLevels, from: number, to: number, known: number): number[] {
  const history = Math.max(0, Math.floor(from) - HISTORY);
  const [least, leastHigh] = [all, high].map((levels) => leastOfSpeech(levels.subarray(history, known)));
  const loud: number[] = [];
  for (let hop = Math.max(0, Math.floor(from)); hop < Math.min(to, all.length); hop++)
    if (!(all[hop] < least && high[hop] < leastHigh)) loud.push(hop);
  return loud;
}

function spansOf(loud: readonly number[]): HopSpan[] {
  const spans: { from: number; to: number }[] = [];
  for (const hop of loud) {
    const last = spans.at(-1);
    if (last && hop - last.to < SHORTEST_SOUND) last.to = hop + 1;
    else spans.push({ from: hop, to: hop + 1 });
  }
  return spans.filter((span) => span.to - span.from >= SHORTEST_SOUND);
}

function leastOfSpeech(levels: Float32Array): number {
  const sorted = levels.toSorted();
  const noise = quantile(sorted, NOISE_SHARE);
  const speech = quantile(sorted, SPEECH_SHARE);
  return Math.max(noise + ABOVE_NOISE_DB, speech - BELOW_SPEECH_DB);
}
