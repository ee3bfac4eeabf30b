// Which frames of a recording are speech, and its frames relative to the level of that speech: what is around it, a second
// of silence or three of a quiet room, moves none, and is not even seen. A frame is speech if it lies at most 15.9 dB below
// the level of such frames (the rule of ITU-T P.56). Works on log filter energies alone, without samples.

import { ACTIVE_MARGIN, meanOfActive } from "../effects/active-power.ts";
import { withSlopes } from "./deltas.ts";
import { type FeatureSettings, peaksHz, staticSize } from "./feature-settings.ts";
import type { Frames } from "./frames.ts";

const NEPERS_PER_DB = Math.LN10 / 10;
/** Where speech has most of its power; rumble lies below, hiss above. */
const BAND_HZ = [200, 4000] as const;
/** What lies so far below speech is the floor: a quieter room, or none at all, looks the same. */
const FLOOR = 35 * NEPERS_PER_DB;
/** Frames are heard where one within reach lies at most so far below speech: 20 dB. */
const HEARD = 10 ** -2;
/** Soft beginnings and ends of words lie within it. */
const REACH_MS = 300;

/** The rule in numbers: shares are of the speech level. */
export interface SpeechRule {
  /** The filters in the band of speech, or all where none lies there. */
  readonly bins: readonly number[];
  /** Frames of at least this share are active. */
  readonly activeMargin: number;
  /** Frames are heard where one of this share lies so many frames away at most. */
  readonly heard: number;
  readonly reach: number;
  /** How far below speech the floor lies, in nepers of power. */
  readonly floor: number;
}

export function speechRule(settings: FeatureSettings): SpeechRule {
  const peaks = peaksHz(settings);
  const inBand = peaks.flatMap((hertz, bin) => (hertz >= BAND_HZ[0] && hertz <= BAND_HZ[1] ? [bin] : []));
  return {
    bins: inBand.length > 0 ? inBand : [...peaks.keys()],
    activeMargin: ACTIVE_MARGIN,
    heard: HEARD,
    reach: Math.round(REACH_MS / settings.hopMs),
    floor: FLOOR,
  };
}

/** Log energies [T, F] less the speech level, floored, and which of the frames are speech. */
export interface LeveledFrames {
  readonly frames: Frames;
  /** [T] 1 where it is speech */
  readonly isSpeech: Uint8Array;
}

/**
 * Frames far from any speech are at the floor as a whole, unless they are nearly as loud. Slopes are fitted anew, to what is
 * above the floor: those of a quiet room are as steep as those of speech.
 */
export function levelBySpeech(frames: Frames, settings: FeatureSettings): LeveledFrames {
  const rule = speechRule(settings);
  const powers = bandPowers(frames, rule);
  const speech = meanOfActive(powers);
  const isHeard = withinReach(powers, rule.heard * speech, rule.reach);
  const level = Math.log(speech);
  const floor = Math.exp(-rule.floor);
  const width = staticSize(settings);
  const data = new Float32Array(frames.frames * width).fill(-rule.floor);
  for (let t = 0; t < frames.frames; t++) {
    if (isHeard[t] === 0) continue;
    for (let f = 0; f < width; f++) {
      data[t * width + f] = Math.log(Math.exp(frames.data[t * frames.size + f] - level) + floor);
    }
  }
  const leveled = withSlopes({ data, frames: frames.frames, size: width }, settings);
  return { frames: leveled, isSpeech: withinReach(powers, rule.activeMargin * speech, 0) };
}

/** The frames of which a training set's statistics are measured: all, or with normalization "speech" those of speech, leveled. */
export function framesToMeasure(frames: Frames, settings: FeatureSettings): Frames {
  if (settings.normalization !== "speech") return frames;
  const leveled = levelBySpeech(frames, settings);
  return framesWhere(leveled.frames, leveled.isSpeech);
}

/** The frames that are marked. */
export function framesWhere({ data, frames, size }: Frames, marked: Uint8Array): Frames {
  const kept = Array.from({ length: frames }, (_, t) => t).filter((t) => marked[t] === 1);
  const output = new Float32Array(kept.length * size);
  kept.forEach((t, at) => output.set(data.subarray(t * size, (t + 1) * size), at * size));
  return { data: output, frames: kept.length, size };
}

/** [T] Mean power of the filters in the band of speech. */
function bandPowers({ data, frames, size }: Frames, { bins }: SpeechRule): Float64Array {
  return Float64Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (const bin of bins) sum += Math.exp(data[t * size + bin]);
    return sum / bins.length;
  });
}

/** [T] 1 where a frame at most so many away reaches this power */
function withinReach(powers: Float64Array, least: number, reach: number): Uint8Array {
  const near = new Uint8Array(powers.length);
  powers.forEach((power, t) => {
    if (power >= least) near.fill(1, Math.max(0, t - reach), t + reach + 1);
  });
  return near;
}
