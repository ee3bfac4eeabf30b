// How the layers of a network do: the size of their weights, and how many units are off or at the clip. Once an epoch, so
// its program is loaded each time and holds no memory in between.

import { openEngine } from "../../engine/index.ts";
import type { Weights } from "../../network/index.ts";
import { layerNorms } from "./layer-norms.ts";
import { batchFeeds, takenBy } from "./step-feeds.ts";
import type { LayerCondition, StepBatch, StepPlan } from "./step-plan.ts";

export async function inspectLayers(
  batch: StepBatch,
  weights: Weights,
  plan: StepPlan,
): Promise<LayerCondition[]> {
  const { program: bytes, layers } = plan.programs.activity;
  const engine = await openEngine(plan.engine);
  const program = await engine.load(bytes, { threads: plan.threads });
  try {
    const results = await program.run(takenBy(program, batchFeeds(batch, weights, plan)));
    const names = program.inputs.filter((name) => weights.has(name)); // in the network's order, also after resuming
    const norms = layerNorms(names.map((name) => [name, weights.get(name)!.data]));
    const read = (output: string) => Number(results[output].data[0]);
    const activity = new Map(
      layers.map(({ name, zeroShare, clippedShare }) => [
        name,
        { zeroShare: read(zeroShare), clippedShare: read(clippedShare) },
      ]),
    );
    return Object.entries(norms).map(([name, weightNorm]) => ({ name, weightNorm, ...activity.get(name) }));
  } finally {
    await program.close();
  }
}
