// Whether texts belong to their recordings, as the network hears it: of two utterances of similar length, do their texts fit
// better as they are than swapped? A swap leaves out how hard each text and each recording is, so that a network which
// does not listen, or was taught the wrong texts, prefers either as often. What that means is for whoever reads the log.

import type { Batch } from "../../data/index.ts";
import { minimumSteps } from "../../ctc/index.ts";
import { outputSteps } from "../../network/index.ts";
import { epochOf, type TrainingRun } from "../run/run.ts";

interface PairCount {
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

/** How often texts fit their own recordings better than each other's; in some epochs. */
export async function reportPairs(run: TrainingRun, devCer: number | undefined): Promise<void> {
  const { epoch, step } = run.progress;
  if (run.ranks?.leads === false) return;
  const isDue = isPairEpoch(epoch + 1, run.settings.epochs, devCer);
  const pairs = isDue ? await countPairs(run) : undefined;
  if (pairs) run.emit({ type: "pairs", epoch: epoch + 1, step, ...pairs });
}

/** @param epoch from 1 @param devCer where dev was measured */
function isPairEpoch(epoch: number, epochs: number, devCer = 1): boolean {
  return devCer >= HEARD && epoch % Math.max(1, Math.round(epochs / LOOKS)) === 0;
}

/** On the first batches of the next epoch, which come in no order; nothing where no two utterances can be swapped. */
async function countPairs(run: TrainingRun): Promise<PairCount | undefined> {
  const { train, progress } = run;
  const most = Math.min(MOST_UTTERANCES, Math.floor(MOST_SHARE * train.utterances.length));
  let [utterances, compared, better] = [0, 0, 0];
  if (most < 2) return undefined;
  for await (const batch of train.epoch({ ...epochOf(run, progress.epoch + 1), sortaGrad: false })) {
    const outcome = await compare(run, batch);
    utterances += batch.B;
    compared += outcome.compared;
    better += outcome.better;
    if (utterances >= most) break;
  }
  return compared > 0 ? { compared, better } : undefined;
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
  const own = await session.evaluate({ ...batch, frames: batch.frames.slice() }); // the worker keeps what it is given
  const other = await session.evaluate({ ...batch, labels: swapped });
  const sum = (losses: Float64Array, b: number): number => losses[b] + losses[b + 1];
  const better = pairs.filter((b) => sum(own.losses, b) < sum(other.losses, b)).length;
  return { compared: pairs.length, better };
}

const isSame = (one: Int32Array, other: Int32Array): boolean =>
  one.length === other.length && one.every((label, i) => label === other[i]);
