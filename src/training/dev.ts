// Measures the dev split: what the weights of the moment hear in it, greedily, and what that costs.

import type { PreparedCorpus } from "../data/index.ts";
import { errorRates } from "../text/index.ts";
import type { HeardUtterance } from "./callbacks/callback.ts";
import type { DevResult } from "./progress.ts";
import type { TrainingRun } from "./run.node.ts";

export interface DevHearing extends DevResult {
  readonly heard: readonly HeardUtterance[];
}

/** Undefined when the signal asked to stop. */
export async function measureDev(
  { session, alphabet, signal }: TrainingRun,
  dev: PreparedCorpus,
): Promise<DevHearing | undefined> {
  const heard: HeardUtterance[] = [];
  for await (const { indices, ...batch } of dev.inOrder()) {
    if (signal?.aborted) return undefined;
    const { losses, hypotheses } = await session.evaluate(batch);
    for (const [b, index] of indices.entries()) {
      const utterance = dev.utterances[index];
      const [reference, hypothesis] = [batch.labels[b], hypotheses[b]].map((labels) =>
        alphabet.decode(labels),
      );
      heard.push({ utterance, loss: losses[b], reference, hypothesis });
    }
  }
  const lossSum = heard.reduce((sum, { loss }) => sum + loss, 0);
  return { loss: lossSum / heard.length, rates: errorRates(heard), heard };
}
