// What is looked at when an epoch has ended, beside the dev split: how the layers do, and whether texts fit their recordings.
// Ranks share it as they share the dev split.

import { allOf } from "../ranks/together.ts";
import { epochOf, type TrainingRun } from "../run/run.ts";
import type { LayerCondition } from "../step/step-plan.ts";
import { countPairs, isPairEpoch, type PairCount } from "./pairs.ts";
import type { Progress } from "./progress.ts";

/** What one rank found; plain data. */
interface Look {
  readonly layers?: readonly LayerCondition[];
  readonly pairs?: PairCount;
}

/** @param devCer where dev was measured */
export async function reportLooks(run: TrainingRun, devCer: number | undefined): Promise<void> {
  const { ranks, emit } = run;
  const { epoch, step, layerNorms } = run.progress;
  const isDue = isPairEpoch(epoch + 1, run.settings.epochs, devCer);
  const own = () => look(run, isDue);
  const looks = ranks ? await allOf(ranks.ranks, own) : [await own()];
  const place = { epoch: epoch + 1, step };
  const layers = looks.flatMap((one) => one.layers ?? []);
  const normOf = ({ name }: LayerCondition) => gradientNormOf(layerNorms, name);
  emit({
    type: "layers",
    ...place,
    layers: layers.map((layer) => ({ ...layer, gradientNorm: normOf(layer) })),
  });
  const pairs = summed(looks.flatMap((one) => one.pairs ?? []));
  if (pairs.compared > 0) emit({ type: "pairs", ...place, ...pairs });
}

/** The last rank's layers, since rank 0 has the model to write. */
async function look(run: TrainingRun, countsPairs: boolean): Promise<Look> {
  const { rank, size } = run.ranks ?? { rank: 0, size: 1 };
  const layers = rank === size - 1 ? await inspectLayers(run) : undefined;
  const pairs = countsPairs ? await countPairs(run, [rank, size]) : undefined;
  return { layers, pairs };
}

/** On the first batch of the dev split or of the epoch. */
async function inspectLayers(run: TrainingRun): Promise<readonly LayerCondition[]> {
  const { session, train, dev } = run;
  const isFirst = (position: number) => position === 0;
  const batches = dev ? dev.inOrder() : train.epoch({ ...epochOf(run), takes: isFirst });
  for await (const batch of batches) return session.inspect(batch);
  return [];
}

/** 0 for a frozen layer. */
function gradientNormOf(norms: Progress["layerNorms"], layer: string): number {
  return layer in norms ? (norms[layer] ?? Number.NaN) : 0;
}

function summed(counts: readonly PairCount[]): PairCount {
  const sum = (name: keyof PairCount) => counts.reduce((total, count) => total + count[name], 0);
  return { compared: sum("compared"), better: sum("better") };
}
