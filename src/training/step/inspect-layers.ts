// How the layers of a network do: the size of their weights, and how many units are off or at the clip. The program is loaded
// when it is first asked for, and stays: an epoch may be shorter than loading it.

import { openEngine, type Program } from "../../engine/index.ts";
import type { Weights } from "../../network/index.ts";
import { layerNorms } from "./layer-norms.ts";
import { batchFeeds, takenBy } from "./step-feeds.ts";
import type { LayerCondition, StepBatch, StepPlan } from "./step-plan.ts";

export class LayerInspection {
  readonly #plan: StepPlan;
  #program: Promise<Program> | undefined;

  constructor(plan: StepPlan) {
    this.#plan = plan;
  }

  async inspect(batch: StepBatch, weights: Weights): Promise<LayerCondition[]> {
    const { layers } = this.#plan.programs.activity;
    const program = await (this.#program ??= this.#load());
    const results = await program.run(takenBy(program, batchFeeds(batch, weights, this.#plan)));
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
  }

  async close(): Promise<void> {
    await (await this.#program)?.close();
  }

  async #load(): Promise<Program> {
    const engine = await openEngine(this.#plan.engine);
    return engine.load(this.#plan.programs.activity.program, { threads: this.#plan.threads });
  }
}
