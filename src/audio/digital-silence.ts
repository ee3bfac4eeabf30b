// Digital silence: stretches in which a recorder wrote no signal, but zeros, a constant, a hum of one step, or dither. Rooms
// are never so quiet, and no statistics of features should count it. What is found becomes exact zeros, which later stages
// know by their value; zeros at the edges are cut off. Samples outside such stretches stay as they are, bit for bit.

import { RandomStream } from "../random.ts";
import { resample, SAMPLE_RATE_HZ } from "./resample.ts";
import { ValueRange } from "./value-range.ts";

/** A step of 16-bit samples. */
const STEP = 2 ** -15;
/** Two steps to either side. */
export const MOST_DITHER = 4 * STEP;
/** Of the range of the recording (54 dB below it): in a soft one a few steps may be speech. */
export const LARGEST_DITHER = 1 / 500;
/** Of the range of a recording in coarser steps (8 bits, companded), whose hum of a single step is louder. */
const LARGEST_HUM = 1 / 16;
/** Of a constant before or after the recording. */
export const MOST_OFFSET = 0.02;
/** A step of 8 bits to either side: a recording of a wider range is not silence alone. */
const MOST_HUM = 2 ** -6;
/** Of a recording so soft that its pauses are zeros once rounded to 16 bits. */
const SOFTEST_RANGE = 500 * STEP;
const TRACE = STEP / 4;
/** So much of the zeros around it is taken for its room. */
const ROUNDED_EDGE_MS = 300;

/** Shorter stretches may be the stop before a plosive. A hum of 50 Hz shows all its values within a block. */
const BLOCK_MS = 25;
/** Fewer silent samples at an edge, which any recording may have by chance, are left. */
export const EDGE = (BLOCK_MS * SAMPLE_RATE_HZ) / 1000;
/** What stays so soft beside zeros fades into them. */
const SOFTEST = 4 * STEP;
export const FADE = (10 * SAMPLE_RATE_HZ) / 1000;
export const FADE_ZEROS = (30 * SAMPLE_RATE_HZ) / 1000;
/** Zeros between two utterances. */
const PARTING_MS = 500;
const PARTING = (PARTING_MS * SAMPLE_RATE_HZ) / 1000;
/** What lasts no longer between two silences is a click. */
const CLICK_MS = 10;

interface Run {
  readonly start: number;
  /** The first sample after it. */
  readonly end: number;
}

/** The samples with digital silence as zeros: the samples themselves where there is none. */
export function muteSilence(samples: Float32Array, rateHz: number): Float32Array {
  return isRoundedAway(samples)
    ? withRoundingNoise(samples, rateHz)
    : muted(samples, silentRuns(samples, rateHz));
}

/**
 * `resample`, by which silence does not ring with the sound beside it. Shaped dither is loud only above what is left at 16 kHz:
 * there it is looked for again.
 */
export async function resampleSignal(samples: Float32Array, fromHz: number): Promise<Float32Array> {
  if (isRoundedAway(samples)) return resample(withRoundingNoise(samples, fromHz), fromHz, SAMPLE_RATE_HZ);
  const runs = silentRuns(samples, fromHz);
  const place = (n: number) => Math.round((n * SAMPLE_RATE_HZ) / fromHz);
  const resampled = await resample(muted(samples, runs), fromHz, SAMPLE_RATE_HZ);
  if (fromHz === SAMPLE_RATE_HZ) return resampled;
  const placed = runs.map(({ start, end }) => ({ start: place(start), end: place(end) }));
  return muteSilence(muted(resampled, placed), SAMPLE_RATE_HZ);
}

/** A view of samples, and where it begins in them. */
export interface SoundPart {
  readonly samples: Float32Array;
  readonly start: number;
}

/**
 * The samples without the zeros at their edges: none where all are zero. Of a sound that fades, zeros are its softest part,
 * rounded away: some of them stay.
 * @param samples mono at 16 kHz, muted
 */
export function cutSilence(samples: Float32Array): SoundPart {
  const first = samples.findIndex((sample) => sample !== 0);
  if (first < 0) return { samples: samples.subarray(0, 0), start: 0 };
  const after = samples.findLastIndex((sample) => sample !== 0) + 1;
  const fadeIn = fades(samples.subarray(first, first + FADE)) ? FADE_ZEROS : 0;
  const fadeOut = fades(samples.subarray(Math.max(0, after - FADE), after)) ? FADE_ZEROS : 0;
  const start = first < EDGE ? 0 : Math.max(0, first - fadeIn);
  const end = samples.length - after < EDGE ? samples.length : after + fadeOut;
  return { samples: samples.subarray(start, end), start };
}

export const fades = (samples: Float32Array): boolean =>
  samples.every((sample) => Math.abs(sample) <= SOFTEST);

/** The same, and parted where zeros are so many that what lies around them is of several utterances; one sound at least. */
export function partAtSilence(samples: Float32Array): SoundPart[] {
  const ends: number[] = [];
  let zeros = 0;
  for (let n = 0; n < samples.length; n++) {
    if (samples[n] !== 0 && zeros >= PARTING) ends.push(n - (zeros >> 1));
    zeros = samples[n] === 0 ? zeros + 1 : 0;
  }
  const sounds = [...ends, samples.length].map((end, i) => {
    const begin = i === 0 ? 0 : ends[i - 1];
    const sound = cutSilence(samples.subarray(begin, end));
    return { samples: sound.samples, start: begin + sound.start };
  });
  return sounds.length > 1 ? sounds.filter((sound) => sound.samples.length > 0) : sounds;
}

function muted(samples: Float32Array, runs: readonly Run[]): Float32Array {
  if (runs.length === 0) return samples;
  const output = samples.slice();
  for (const { start, end } of runs) output.fill(0, start, end);
  return output;
}

/** Whether zeros may be a room's sound, rounded away: in steps of 16 bits the whole recording spans a few hundred. */
function isRoundedAway(samples: Float32Array): boolean {
  return rangeOf(samples) <= SOFTEST_RANGE && stepOf(samples) > 0 && !isNothingElse(samples);
}

/** Whether it is digital silence from end to end: a constant, however large, or what a recorder's own steps make. */
function isNothingElse(samples: Float32Array): boolean {
  const range = rangeOf(samples);
  if (range <= 0 || range > MOST_HUM || Math.abs(samples[0]) > MOST_OFFSET) return range <= 0;
  const step = stepOf(samples);
  return step > 0 && range <= Math.max(MOST_DITHER, 2 * step);
}

/** Zeros with a trace of what rounding took from them, just above the floor of features: so they count as the sound of a room. */
function withRoundingNoise(samples: Float32Array, rateHz: number): Float32Array {
  const random = new RandomStream("rounding");
  const edge = (ROUNDED_EDGE_MS * rateHz) / 1000;
  const first = samples.findIndex((sample) => sample !== 0) - edge;
  const last = samples.findLastIndex((sample) => sample !== 0) + edge;
  return samples.map((sample, n) =>
    sample === 0 && n >= first && n <= last ? TRACE * (random.uniform() - 0.5) : sample,
  );
}

function silentRuns(samples: Float32Array, rateHz: number): Run[] {
  if (isNothingElse(samples)) return [{ start: 0, end: samples.length }];
  const most = mostRange(samples);
  const block = Math.round((BLOCK_MS * rateHz) / 1000);
  const runs: Run[] = [];
  for (let at = 0; at + block <= samples.length; at += block) {
    if (at < (runs.at(-1)?.end ?? 0)) continue;
    const run = runAround(samples, at, block, most);
    if (run) runs.push(run);
  }
  return joinedOverClicks(runs, (CLICK_MS * rateHz) / 1000);
}

/**
 * The run that begins in this block and goes on over quiet ones, with the samples on either side that lie within its own
 * range: so it ends where its hum ends, be that softer than the most that would do.
 */
function runAround(samples: Float32Array, at: number, block: number, most: number): Run | undefined {
  const range = new ValueRange();
  let end = at;
  while (end + block <= samples.length && range.take(samples.subarray(end, end + block), most)) end += block;
  if (end === at) return undefined;
  let start = at;
  while (range.includes(samples[start - 1])) start--;
  while (range.includes(samples[end])) end++;
  const isEdge = start === 0 || end === samples.length;
  return Math.abs(range.level) <= (isEdge ? MOST_OFFSET : most) ? { start, end } : undefined;
}

/** From the least to the largest value of silence. */
function mostRange(samples: Float32Array): number {
  const range = rangeOf(samples);
  const hum = 2 * stepOf(samples);
  const isCoarse = hum > MOST_DITHER && hum <= LARGEST_HUM * range;
  return isCoarse ? hum : Math.min(MOST_DITHER, LARGEST_DITHER * range);
}

/** From the least to the largest sample; −∞ of none. */
export function rangeOf(samples: Float32Array): number {
  let [least, largest] = [Infinity, -Infinity];
  for (let n = 0; n < samples.length; n++) {
    if (samples[n] < least) least = samples[n];
    if (samples[n] > largest) largest = samples[n];
  }
  return largest - least;
}

/** The largest power of two that all samples are multiples of; 0 where it is finer than 16 bits. */
function stepOf(samples: Float32Array): number {
  let bits = 0;
  for (const sample of samples) {
    const steps = sample / STEP;
    if (!Number.isInteger(steps)) return 0;
    bits |= steps;
  }
  return (bits & -bits) * STEP;
}

function joinedOverClicks(runs: readonly Run[], click: number): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    if (before && run.start - before.end <= click) joined[joined.length - 1] = { ...before, end: run.end };
    else joined.push(run);
  }
  return joined;
}
