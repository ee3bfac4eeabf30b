// Measures the dev split after an epoch: its loss, and the error rates of greedy decoding.

import type { PreparedUtterance } from "../../data/index.ts";
import { errorRates, type Alphabet } from "../../text/index.ts";
import type { EvaluatedUtterance } from "../callbacks/callback.ts";
import type { TrainingRun } from "../run/run.ts";
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
  const { dev, session, alphabet, signal } = run;
  if (!dev) return undefined;
  const latest: EvaluatedUtterance[] = [];
  const averaged: EvaluatedUtterance[] = [];
  for await (const { indices, ...batch } of dev.inOrder()) {
    if (signal?.aborted) return undefined;
    const outcome = await session.evaluate(batch);
    const utterances = indices.map((index) => dev.utterances[index]);
    latest.push(...evaluated(utterances, outcome, alphabet));
    if (outcome.averaged) averaged.push(...evaluated(utterances, outcome.averaged, alphabet));
  }
  return { latest: summed(latest), ...(averaged.length > 0 && { averaged: summed(averaged) }) };
}

function evaluated(
  utterances: readonly PreparedUtterance[],
  { losses, hypotheses }: BatchEvaluation,
  alphabet: Alphabet,
): EvaluatedUtterance[] {
  return utterances.map((utterance, b) => ({
    utterance,
    loss: losses[b],
    reference: alphabet.decode(utterance.labels),
    hypothesis: alphabet.decode(hypotheses[b]),
  }));
}

function summed(utterances: readonly EvaluatedUtterance[]): DevEvaluation {
  const lossSum = utterances.reduce((sum, { loss }) => sum + loss, 0);
  return { loss: lossSum / utterances.length, rates: errorRates(utterances), utterances };
}
