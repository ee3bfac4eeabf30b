// How recordings are cut: what lies before and behind the speech of each, and how loud it is; and whether all of a corpus
// are cut alike, so that a network trained on them never hears how others come. Knows nothing of what is said.

import { activePower, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { distributionOf } from "./distribution.ts";

export interface Cut {
  /** Before the first sound that is loud for this recording, and behind the last one. */
  readonly msBefore: number;
  readonly msAfter: number;
  /** Of the speech without its pauses (ITU-T P.56), in dB of full scale; undefined of silence. */
  readonly levelDb: number | undefined;
}

const FRAME_MS = 10;
const FRAME = (FRAME_MS * SAMPLE_RATE_HZ) / 1000;
const FLOOR = 1e-10; // power that is nothing: -100 dB
/** Sound lies so far below the loud frames at most; less far where the room is louder than that. */
const SOUND_DB = 25;
const SHARE_OF_RANGE = 0.6;

/** @param samples mono at 16 kHz */
export function measureCut(samples: Float32Array): Cut {
  const frames = Array.from({ length: Math.max(1, Math.floor(samples.length / FRAME)) }, (_, frame) =>
    decibelsOf(samples.subarray(frame * FRAME, (frame + 1) * FRAME)),
  );
  const sorted = frames.toSorted((a, b) => a - b);
  const [quiet, loud] = [0.05, 0.95].map((share) => sorted[Math.floor(share * sorted.length)]);
  const least = loud - Math.min(SOUND_DB, SHARE_OF_RANGE * (loud - quiet));
  const first = frames.findIndex((db) => db >= least);
  const last = frames.findLastIndex((db) => db >= least);
  const power = activePower(samples);
  return {
    msBefore: FRAME_MS * first,
    msAfter: FRAME_MS * (frames.length - 1 - last),
    levelDb: power > 0 ? 10 * Math.log10(power) : undefined,
  };
}

function decibelsOf(frame: Float32Array): number {
  const energy = frame.reduce((sum, sample) => sum + sample * sample, 0);
  return 10 * Math.log10(Math.max(energy / FRAME, FLOOR));
}

/** What is alike in nearly all recordings of a corpus, with the figures that show it. */
export interface CutAlike {
  /** There is hardly any silence at either end. */
  readonly ends?: string;
  /** They are about as loud. */
  readonly level?: string;
}

/** Less than people leave between the press of a button and the first word, and between the last one and the next. */
const SHORT_MS = 500;
const NEARLY_ALL = 0.9;
/** From the softest to the loudest of most (5 to 95 %): people and microphones differ by 20 dB and more. */
const ONE_LEVEL_DB = 6;
/** Fewer tell nothing of a habit. */
export const LEAST_CUTS = 20;

export function cutAlike(cuts: readonly Cut[]): CutAlike {
  if (cuts.length < LEAST_CUTS) return {};
  const short = cuts.filter(({ msBefore, msAfter }) => msBefore < SHORT_MS && msAfter < SHORT_MS);
  const before = distributionOf(cuts.map(({ msBefore }) => msBefore))!;
  const after = distributionOf(cuts.map(({ msAfter }) => msAfter))!;
  const levels = distributionOf(cuts.flatMap(({ levelDb }) => (levelDb === undefined ? [] : [levelDb])));
  return {
    ...(short.length >= NEARLY_ALL * cuts.length && {
      ends:
        `${short.length} of ${cuts.length} recordings have less than half a second of silence at either end:` +
        ` before the speech ${before.median.toFixed(0)} ms (most up to ${before.p95.toFixed(0)}),` +
        ` behind it ${after.median.toFixed(0)} (${after.p95.toFixed(0)})`,
    }),
    ...(levels !== undefined &&
      levels.p95 - levels.p5 <= ONE_LEVEL_DB && {
        level: `most are spoken at ${levels.p5.toFixed(0)} to ${levels.p95.toFixed(0)} dB of full scale`,
      }),
  };
}
