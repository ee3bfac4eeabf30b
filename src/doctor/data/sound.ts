// What can be measured of one recording without knowing what is said in it: level, offset, clipping, how much of it is
// loud, where its spectrum ends. Plain numbers; what they mean is judged by the checks, over the whole corpus.

import { cutSilence, PowerSpectrum, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { measureCut, type Cut } from "../../data/index.ts";
import { quantile } from "../../quantiles.ts";
import { pitchHz } from "./pitch.ts";

export interface SoundMeasures extends Cut {
  readonly seconds: number;
  /** Without the digital silence around it, which no network is given. */
  readonly heardSeconds: number;
  /** Largest absolute sample, full scale 1. */
  readonly peak: number;
  /** Mean of the samples: 0 but for an offset. */
  readonly offset: number;
  /** Root mean square about the offset. */
  readonly deviation: number;
  /** Share of the samples within 2 % of the largest or of the smallest one. */
  readonly extremeShare: number;
  /** Loudness of 10 ms frames about the offset, in dB of full scale: the 5th and 95th percentile. */
  readonly quietDb: number;
  readonly loudDb: number;
  /** Time in frames less than 25 dB below the loud ones. */
  readonly activeSeconds: number;
  /** Of the last 30 ms against the loud frames, in dB. */
  readonly endDb: number;
  /** Of the voice, in Hz; undefined where nothing is voiced. */
  readonly pitchHz: number | undefined;
  /** Mean power of each eighth of 0–8 kHz over the loud half, in dB of their sum. [8] */
  readonly bandsDb: readonly number[];
}

const FRAME = SAMPLE_RATE_HZ / 100; // 10 ms
const NEAR_EXTREME = 0.98;
const ACTIVE_DB = 25;
const FLOOR = 1e-10; // power that is nothing: -100 dB

/** @param samples mono at 16 kHz */
export function measureSound(samples: Float32Array): SoundMeasures {
  const { lowest, highest, offset } = levels(samples);
  const frames = frameDb(samples, offset);
  const sorted = frames.toSorted();
  const quietDb = quantile(sorted, 0.05);
  const loudDb = quantile(sorted, 0.95);
  let squares = 0;
  let extreme = 0;
  for (const sample of samples) {
    squares += (sample - offset) ** 2;
    if (sample - offset > NEAR_EXTREME * (highest - offset)) extreme++;
    if (sample - offset < NEAR_EXTREME * (lowest - offset)) extreme++;
  }
  const active = frames.reduce((count, db) => count + (db > loudDb - ACTIVE_DB ? 1 : 0), 0);
  return {
    ...measureCut(samples),
    seconds: samples.length / SAMPLE_RATE_HZ,
    heardSeconds: cutSilence(samples).samples.length / SAMPLE_RATE_HZ,
    peak: Math.max(highest, -lowest),
    offset,
    deviation: Math.sqrt(squares / Math.max(1, samples.length)),
    extremeShare: extreme / Math.max(1, samples.length),
    quietDb,
    loudDb,
    activeSeconds: active / 100,
    endDb: Math.max(...frames.slice(-3)) - loudDb,
    pitchHz: pitchHz(samples),
    bandsDb: bandsDb(samples, frames, loudDb),
  };
}

function levels(samples: Float32Array): { lowest: number; highest: number; offset: number } {
  let [lowest, highest, sum] = [0, 0, 0];
  for (const sample of samples) {
    lowest = Math.min(lowest, sample);
    highest = Math.max(highest, sample);
    sum += sample;
  }
  return { lowest, highest, offset: sum / Math.max(1, samples.length) };
}

/** Loudness of each whole frame of 10 ms. */
function frameDb(samples: Float32Array, offset: number): Float64Array {
  const frames = new Float64Array(Math.max(1, Math.floor(samples.length / FRAME)));
  for (let frame = 0; frame < frames.length; frame++) {
    let squares = 0;
    const end = Math.min(samples.length, (frame + 1) * FRAME);
    for (let n = frame * FRAME; n < end; n++) squares += (samples[n] - offset) ** 2;
    frames[frame] = decibels(squares / FRAME);
  }
  return frames;
}

const BANDS = 8;
const FFT_SIZE = 512;
const MOST_WINDOWS = 32;

/** Average spectrum of at most 32 of the windows that are loud, spread over the recording. */
function bandsDb(samples: Float32Array, frames: Float64Array, loudDb: number): number[] {
  const loud = [...frames.keys()].filter(
    (t) => frames[t] > loudDb - ACTIVE_DB && t * FRAME + FFT_SIZE <= samples.length,
  );
  const step = Math.max(1, Math.ceil(loud.length / MOST_WINDOWS));
  const taper = Float64Array.from(
    { length: FFT_SIZE },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FFT_SIZE),
  );
  const spectrum = new PowerSpectrum(FFT_SIZE, taper);
  const powers = new Float64Array(BANDS);
  const lines = FFT_SIZE / 2 / BANDS;
  for (let i = 0; i < loud.length; i += step) {
    spectrum.compute(samples, loud[i] * FRAME);
    for (let line = 1; line < FFT_SIZE / 2; line++) powers[Math.floor(line / lines)] += spectrum.power[line];
  }
  const total = powers.reduce((sum, power) => sum + power, 0);
  return Array.from(powers, (power) => decibels(power / Math.max(total, FLOOR)));
}

const decibels = (power: number): number => 10 * Math.log10(Math.max(power, FLOOR));
