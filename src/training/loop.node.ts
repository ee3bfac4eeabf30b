// The training loop. Each function is one level of it; everything that a level needs is in the run.

import { errorRates, type TranscriptPair } from "../text/index.ts";
import { afterBatch, afterEpoch, trainLoss, type DevResult } from "./progress.ts";
import { reportBatch, reportEpoch, saveCheckpoint, saveModel, type TrainingRun } from "./run.node.ts";

export type Ending = "finished" | "stopped early" | "interrupted";

/** Trains until the last epoch, until patience ends, or until the signal asks to stop. */
export async function fit(run: TrainingRun): Promise<Ending> {
  while (run.progress.epoch < run.settings.epochs) {
    if (outOfPatience(run)) return "stopped early"; // a resumed run may be so from its start
    if ((await trainEpoch(run)) === "interrupted") return "interrupted";
    if ((await closeEpoch(run)) === "interrupted") return "interrupted";
  }
  return "finished";
}

async function trainEpoch(run: TrainingRun): Promise<Ending> {
  const { epoch, batch: from } = run.progress;
  const { seed } = run.settings;
  const batches = run.train.plan({ epoch, seed }).length;
  run.clock.startEpoch();
  for await (const batch of run.train.epoch({ epoch, seed, from })) {
    const { step } = run.progress;
    const learningRate = run.schedule({
      epoch: epoch + batch.position / batches,
      epochs: run.settings.epochs,
    });
    const { losses, gradientNorm } = await run.session.step(batch, step, learningRate);
    run.progress = afterBatch(run.progress, losses);
    reportBatch(run, { batch, batches, losses, gradientNorm, learningRate });
    if (run.signal?.aborted) return "interrupted";
    if (run.clock.checkpointDue()) await saveCheckpoint(run);
  }
  return "finished";
}

/** Measures the dev split, keeps the weights if they are the best so far, and saves a checkpoint. */
async function closeEpoch(run: TrainingRun): Promise<Ending> {
  const dev = await measureDev(run);
  if (dev === "interrupted") return dev; // a resumed run has no batch left in this epoch, and measures again
  const loss = trainLoss(run.progress);
  run.progress = afterEpoch(run.progress, dev);
  const best = run.progress.best?.epoch === run.progress.epoch;
  if (best) await saveModel(run);
  reportEpoch(run, loss, dev, best);
  await saveCheckpoint(run);
  return "finished";
}

async function measureDev({
  dev,
  session,
  alphabet,
  signal,
}: TrainingRun): Promise<DevResult | undefined | "interrupted"> {
  if (!dev) return undefined;
  const pairs: TranscriptPair[] = [];
  let lossSum = 0;
  for await (const batch of dev.inOrder()) {
    if (signal?.aborted) return "interrupted";
    const references = batch.labels.map((labels) => alphabet.decode(labels));
    const { losses, hypotheses } = await session.evaluate(batch);
    hypotheses.forEach((labels, b) =>
      pairs.push({ reference: references[b], hypothesis: alphabet.decode(labels) }),
    );
    lossSum = losses.reduce((sum, loss) => sum + loss, lossSum);
  }
  return { loss: lossSum / pairs.length, rates: errorRates(pairs) };
}

function outOfPatience({ settings, progress }: TrainingRun): boolean {
  const { patience } = settings;
  return patience > 0 && progress.best !== undefined && progress.epoch - progress.best.epoch >= patience;
}
