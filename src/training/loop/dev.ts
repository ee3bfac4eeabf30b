// Measures the dev split after an epoch: its loss, and the error rates of greedy decoding.

import { errorRates } from "../../text/index.ts";
import type { EvaluatedUtterance } from "../callbacks/callback.ts";
import { allOf } from "../ranks/together.ts";
import type { TrainingRun, TrainingSplit } from "../run/run.ts";
import type { BatchEvaluation } from "../step/step-plan.ts";
import type { DevResult } from "./progress.ts";

export interface DevEvaluation extends DevResult {
  readonly utterances: readonly EvaluatedUtterance[];
}

export interface DevMeasure {
  readonly latest: DevEvaluation;
  /** By the averaged weights, once there are some. */
  readonly averaged?: DevEvaluation;
}

/** Undefined without a dev split, and when the signal asked to stop. */
export async function measureDev(run: TrainingRun): Promise<DevMeasure | undefined> {
  const { dev, ranks } = run;
  if (!dev) return undefined;
  const shares = ranks
    ? await allOf(ranks.ranks, () => evaluateShare(run, dev))
    : [await evaluateShare(run, dev)];
  if (shares.some(({ stopped }) => stopped)) {
    ranks?.agreeToStop();
    return undefined;
  }
  const batches = shares.flatMap((share) => share.batches).toSorted((a, b) => a.position - b.position);
  const latest = batches.flatMap((batch) => evaluated(run, dev, batch.indices, batch.latest));
  const averaged = batches.flatMap((batch) =>
    batch.averaged ? evaluated(run, dev, batch.indices, batch.averaged) : [],
  );
  return { latest: summed(latest), ...(averaged.length > 0 && { averaged: summed(averaged) }) };
}

/** Plain data, as ranks tell each other. */
interface Evaluated {
  readonly losses: readonly number[];
  /** As labels. */
  readonly hypotheses: readonly (readonly number[])[];
}

interface EvaluatedBatch {
  readonly position: number;
  readonly indices: readonly number[];
  readonly latest: Evaluated;
  readonly averaged?: Evaluated;
}

interface Share {
  readonly batches: readonly EvaluatedBatch[];
  readonly stopped: boolean;
}

/** Every so manieth batch, from this rank's own on. */
async function evaluateShare({ session, ranks, signal }: TrainingRun, dev: TrainingSplit): Promise<Share> {
  const batches: EvaluatedBatch[] = [];
  const isStopped = () => signal?.aborted === true || ranks?.wantsStop === true;
  for await (const { indices, position, ...batch } of dev.inOrder(
    ranks && { share: [ranks.rank, ranks.size] },
  )) {
    if (isStopped()) break;
    const { averaged, ...latest } = await session.evaluate(batch);
    const others = averaged && { averaged: plain(averaged) };
    batches.push({ position, indices, latest: plain(latest), ...others });
  }
  return { batches, stopped: isStopped() };
}

const plain = ({ losses, hypotheses }: BatchEvaluation): Evaluated => ({
  losses: [...losses],
  hypotheses: hypotheses.map((labels) => [...labels]),
});

function evaluated(
  { alphabet }: TrainingRun,
  dev: TrainingSplit,
  indices: readonly number[],
  { losses, hypotheses }: Evaluated,
): EvaluatedUtterance[] {
  return indices.map((index, b) => ({
    utterance: dev.utterances[index],
    loss: losses[b],
    reference: alphabet.decode(dev.utterances[index].labels),
    hypothesis: alphabet.decode(hypotheses[b]),
  }));
}

function summed(utterances: readonly EvaluatedUtterance[]): DevEvaluation {
  const lossSum = utterances.reduce((sum, { loss }) => sum + loss, 0);
  return { loss: lossSum / utterances.length, rates: errorRates(utterances), utterances };
}
