// Whether texts belong to their recordings, as the network hears it: of two utterances of similar length, do their texts fit
// better as they are than swapped? A swap leaves out how hard each text and each recording is, so that a network which
// does not listen, or was taught the wrong texts, prefers either as often. What that means is for whoever reads the log.

import type { Batch } from "../../data/index.ts";
import { minimumSteps } from "../../ctc/index.ts";
import { outputSteps } from "../../network/index.ts";
import { epochOf, type TrainingRun } from "../run/run.ts";

export interface PairCount {
  /** Pairs of utterances with different texts whose loss was computed both ways. */
  readonly compared: number;
  /** Of these, the pairs whose own texts have the lower loss. */
  readonly better: number;
}

const MOST_UTTERANCES = 48;
/** Of the training set, so that a small one is not slowed down. */
const MOST_SHARE = 1 / 8;

/** A run is looked at about so many times. */
const LOOKS = 16;
/** Of dev's letters wrong: below, the network listens, and what it learned from belongs together. */
const HEARD = 0.5;

/** @param epoch from 1 @param devCer where dev was measured */
export function isPairEpoch(epoch: number, epochs: number, devCer = 1): boolean {
  return devCer >= HEARD && epoch % Math.max(1, Math.round(epochs / LOOKS)) === 0;
}

/**
 * How often texts fit their own recordings better than each other's, on the first batches of the next epoch, which come in no
 * order.
 * @param share one of so many shares of these batches, from 0
 * @returns undefined where the training set is too small
 */
export async function countPairs(
  run: TrainingRun,
  [own, shares]: readonly [number, number],
): Promise<PairCount | undefined> {
  const { train, progress } = run;
  const most = Math.min(MOST_UTTERANCES, Math.floor(MOST_SHARE * train.utterances.length));
  if (most < 2) return undefined;
  const epoch = { ...epochOf(run, progress.epoch + 1), sortaGrad: false };
  const end = batchesWith(most, train.planWithSizes(epoch));
  const takes = (position: number) => position < end && position % shares === own;
  let [compared, better] = [0, 0];
  for await (const batch of train.epoch({ ...epoch, takes })) {
    const outcome = await compare(run, batch);
    compared += outcome.compared;
    better += outcome.better;
  }
  return { compared, better };
}

/** How many of the first batches have so many utterances. */
function batchesWith(utterances: number, plan: readonly { readonly indices: readonly number[] }[]): number {
  let count = 0;
  for (let left = utterances; left > 0 && count < plan.length; count++) left -= plan[count].indices.length;
  return count;
}

async function compare({ session, architecture }: TrainingRun, batch: Batch): Promise<PairCount> {
  const { labels, lengths } = batch;
  const fits = (text: Int32Array, b: number): boolean =>
    minimumSteps(text) <= outputSteps(architecture, lengths[b]);
  const swapped = [...labels];
  const pairs: number[] = [];
  for (let b = 0; b + 1 < labels.length; b += 2) {
    const [one, other] = [labels[b], labels[b + 1]];
    if (isSame(one, other) || !fits(other, b) || !fits(one, b + 1)) continue;
    [swapped[b], swapped[b + 1]] = [other, one];
    pairs.push(b);
  }
  if (pairs.length === 0) return { compared: 0, better: 0 };
  const [own, other] = await session.losses(batch, [labels, swapped]);
  const sum = (losses: Float64Array, b: number): number => losses[b] + losses[b + 1];
  const better = pairs.filter((b) => sum(own, b) < sum(other, b)).length;
  return { compared: pairs.length, better };
}

const isSame = (one: Int32Array, other: Int32Array): boolean =>
  one.length === other.length && one.every((label, i) => label === other[i]);
