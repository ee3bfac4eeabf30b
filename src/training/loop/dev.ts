// Measures the dev split: what the weights of the moment hear in it, greedily, and what that costs.

import type { PreparedUtterance } from "../../data/index.ts";
import { errorRates, type Alphabet } from "../../text/index.ts";
import type { HeardUtterance } from "../callbacks/callback.ts";
import type { DevResult } from "./progress.ts";
import type { TrainingRun } from "../run/run.node.ts";
import type { Hearing } from "../step/step-plan.ts";

export interface DevHearing extends DevResult {
  readonly heard: readonly HeardUtterance[];
}

export interface DevMeasure {
  readonly plain: DevHearing;
  /** By the averaged weights, once there are some. */
  readonly averaged?: DevHearing;
}

/** Undefined without a dev split, and when the signal asked to stop. */
export async function measureDev(run: TrainingRun): Promise<DevMeasure | undefined> {
  const { dev, session, alphabet, signal } = run;
  if (!dev) return undefined;
  const plain: HeardUtterance[] = [];
  const averaged: HeardUtterance[] = [];
  for await (const { indices, ...batch } of dev.inOrder()) {
    if (signal?.aborted) return undefined;
    const outcome = await session.evaluate(batch);
    const utterances = indices.map((index) => dev.utterances[index]);
    plain.push(...heardBy(outcome, utterances, alphabet));
    if (outcome.averaged) averaged.push(...heardBy(outcome.averaged, utterances, alphabet));
  }
  return { plain: summed(plain), ...(averaged.length > 0 && { averaged: summed(averaged) }) };
}

function heardBy(
  { losses, hypotheses }: Hearing,
  utterances: readonly PreparedUtterance[],
  alphabet: Alphabet,
): HeardUtterance[] {
  return utterances.map((utterance, b) => ({
    utterance,
    loss: losses[b],
    reference: alphabet.decode(utterance.labels),
    hypothesis: alphabet.decode(hypotheses[b]),
  }));
}

function summed(heard: readonly HeardUtterance[]): DevHearing {
  const lossSum = heard.reduce((sum, { loss }) => sum + loss, 0);
  return { loss: lossSum / heard.length, rates: errorRates(heard), heard };
}
