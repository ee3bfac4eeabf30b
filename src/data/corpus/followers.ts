// Which utterance may follow which in one recording (augmentation/effects/joined.ts), and what the two become: by the same
// speaker where there are others by the same, at the same pace, neither without words, within what a batch may hold, and long
// enough for both texts. It draws nothing.

import { SAMPLE_RATE_HZ, samplesOf } from "../../audio/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { Followers, Joined } from "../augmentation/index.ts";
import type { Pace } from "../features/pace.ts";
import { stepsNeeded } from "./prepare.ts";
import type { PreparedUtterance, Variant } from "./utterances.ts";

export interface JoiningLimits {
  readonly mostSeconds: number;
  readonly batchFrames: number;
  readonly hopMs: number;
  readonly alphabet: Alphabet;
  /** Steps that the network gives for a number of frames. */
  readonly outputSteps: (frames: number) => number;
}

/**
 * @param speakers of all utterances, in the order of the corpus
 * @param at an utterance by its index; undefined where nothing may be joined with it
 */
export function followersOf(
  speakers: readonly string[],
  at: (index: number) => PreparedUtterance | undefined,
  limits: JoiningLimits,
): Followers {
  const everyone = [...speakers.keys()];
  const bySpeaker = new Map<string, number[]>();
  for (const [index, speaker] of speakers.entries()) {
    bySpeaker.set(speaker, bySpeaker.get(speaker) ?? []);
    bySpeaker.get(speaker)!.push(index);
  }
  return {
    among(own) {
      const same = bySpeaker.get(speakers[own]) ?? [];
      return speakers[own] !== "" && same.length > 1 ? same : everyone;
    },
    join({ index, pace }, other, gap) {
      const [first, second] = [at(index), at(other)];
      return first && second && join([first, second], pace, gap, limits);
    },
  };
}

function join(
  [first, second]: readonly [PreparedUtterance, PreparedUtterance],
  pace: Pace,
  gap: number,
  { mostSeconds, batchFrames, hopMs, alphabet, outputSteps }: JoiningLimits,
): Joined | undefined {
  const [a, b] = [variantAt(first, pace), variantAt(second, pace)];
  if (!a || !b || first.text === "" || second.text === "" || !alphabet.spell(" ")) return undefined;
  const samples = Math.round(b.seconds * SAMPLE_RATE_HZ);
  const seconds = a.seconds + (gap + samples) / SAMPLE_RATE_HZ;
  const planned = a.frames + Math.ceil((gap + samples) / samplesOf(hopMs));
  if (seconds > mostSeconds || planned > batchFrames) return undefined;
  const text = `${first.text} ${second.text}`;
  const frames = a.frames + b.frames - 1 + Math.floor(gap / samplesOf(hopMs)); // one fewer where hops exceed windows
  if (outputSteps(frames) < stepsNeeded(alphabet.encode(text))) return undefined;
  return { path: second.path, samples, text, frames, seconds };
}

const variantAt = ({ variants }: PreparedUtterance, { speed, tempo }: Pace): Variant | undefined =>
  variants.find((variant) => variant.speed === speed && variant.tempo === tempo);
