// What is the matter with a recording of a word, said before it is kept: problems that training suffers from.

import { levelDb } from "../sound/level.ts";

/** The worst first. */
export const PROBLEMS = ["clipped", "cutOff", "tooShort", "tooQuiet", "noisy"] as const;
export type Problem = (typeof PROBLEMS)[number];

const FRAME_MS = 20;
/** Samples at full scale, side by side. */
const CLIPPED_RUN = 3;
const FULL_SCALE = 0.985;
const QUIET_DB = -40;
/** Of speech over the background. */
const NOISY_DB = 15;
/** The level of speech is that of the last of so many: a click is shorter. */
const LOUDEST_FRAMES = 3;
const SHORTEST_MS = 120;

/** @param samples mono, in [-1, 1] @param isCut whether the beginning or the end is known to be missing */
export function problemsOf(samples: Float32Array, sampleRateHz: number, isCut: boolean): Problem[] {
  const levels = frameLevels(samples, sampleRateHz).toSorted((a, b) => a - b);
  const speechDb = levels.at(-LOUDEST_FRAMES) ?? -Infinity;
  const backgroundDb = levels[Math.floor(0.1 * (levels.length - 1))] ?? -Infinity;
  const spokenMs = FRAME_MS * levels.filter((db) => db > speechDb - 20).length;
  const found: Record<Problem, boolean> = {
    clipped: isClipped(samples),
    cutOff: isCut,
    tooShort: spokenMs < SHORTEST_MS,
    tooQuiet: speechDb < QUIET_DB,
    noisy: speechDb - backgroundDb < NOISY_DB,
  };
  return PROBLEMS.filter((problem) => found[problem]);
}

function isClipped(samples: Float32Array): boolean {
  let run = 0;
  return samples.some((x) => {
    run = Math.abs(x) >= FULL_SCALE ? run + 1 : 0;
    return run >= CLIPPED_RUN;
  });
}

function frameLevels(samples: Float32Array, sampleRateHz: number): number[] {
  const frame = Math.round((sampleRateHz * FRAME_MS) / 1000);
  const count = Math.floor(samples.length / frame);
  return Array.from({ length: count }, (_, i) => levelDb(samples.subarray(i * frame, (i + 1) * frame)));
}
