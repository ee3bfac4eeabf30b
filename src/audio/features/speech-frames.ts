// Which frames of a recording are speech, and its frames relative to the level of that speech: what is around it, a second
// of silence or three of a quiet room, moves neither. A frame is speech if it lies at most 15.9 dB below the level of
// such frames (the rule of ITU-T P.56). Works on log filter energies alone, without samples.

import type { FeatureSettings } from "./feature-settings.ts";
import { staticSize } from "./feature-settings.ts";
import type { Frames } from "./frames.ts";

const NEPERS_PER_DB = Math.LN10 / 10;
const MARGIN = 10 ** -1.59; // 15.9 dB
/** What lies so far below speech is the floor: a quieter room, or none at all, looks the same. */
const FLOOR = 45 * NEPERS_PER_DB;

/** Log energies [T, F] less the speech level, floored, and which of the frames are speech. */
export interface LeveledFrames {
  readonly frames: Frames;
  /** [T] 1 where it is speech */
  readonly isSpeech: Uint8Array;
}

export function levelBySpeech(frames: Frames, settings: FeatureSettings): LeveledFrames {
  const logs = frameLogs(frames, settings.bins);
  const isSpeech = findSpeech(logs);
  const level = meanWhere(logs, isSpeech);
  const floor = Math.exp(-FLOOR);
  const data = frames.data.slice();
  const width = staticSize(settings); // slopes know no level
  for (let t = 0; t < frames.frames; t++) {
    for (let at = t * frames.size; at < t * frames.size + width; at++) {
      data[at] = Math.log(Math.exp(data[at] - level) + floor);
    }
  }
  return { frames: { ...frames, data }, isSpeech };
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

/** [T] Mean log energy of the filters: of logs, so that bass and brightness of a microphone count alike. */
function frameLogs({ data, frames, size }: Frames, bins: number): Float64Array {
  return Float64Array.from({ length: frames }, (_, t) => {
    let sum = 0;
    for (let at = t * size; at < t * size + bins; at++) sum += data[at];
    return sum / bins;
  });
}

function findSpeech(logs: Float64Array): Uint8Array {
  const powers = logs.map(Math.exp);
  let isSpeech: Uint8Array = new Uint8Array(logs.length).fill(1);
  let level = meanWhere(powers, isSpeech);
  for (let raised = -1; level > raised;) {
    raised = level;
    isSpeech = Uint8Array.from(powers, (power) => (power >= MARGIN * raised ? 1 : 0));
    level = meanWhere(powers, isSpeech); // only ever rises
  }
  return isSpeech;
}

function meanWhere(values: Float64Array, marked: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let t = 0; t < values.length; t++) {
    if (marked[t] === 0) continue;
    sum += values[t];
    count++;
  }
  return sum / Math.max(1, count);
}
