// Statistics of batch normalization are weights: those of a frozen layer stay, those of another follow the batches.

import { expect, it } from "vitest";
import { registerNetwork, type NetworkDefinition } from "../../src/network/index.ts";
import { heNormal } from "../../src/network/initializers.ts";
import { dense } from "../../src/network/layers.ts";
import { z } from "../../src/settings.ts";
import { demoBatch } from "./recordings.ts";
import { copyWeights, openStep } from "./steps.ts";

const settings = z.strictObject({});
const normalizing: NetworkDefinition<typeof settings> = {
  name: "normalizing-of-a-test",
  settings,
  create: () => ({
    stride: 1,
    lookAhead: 0,
    states: [],
    build: (layers, { frames, mask }, symbols) => ({
      logits: dense(layers, layers.batchNormalization(frames, "norm", mask), symbols, "out", heNormal),
      states: [],
    }),
  }),
};
registerNetwork(normalizing);

it.each([
  [["norm"], []],
  [["norm.mean"], ["norm.variance", "norm.scale", "norm.bias"]],
  [[], ["norm.mean", "norm.variance", "norm.scale", "norm.bias"]],
])("frozen %j, a step moves of the normalization %j", async (frozen, moved) => {
  const step = await openStep({ name: normalizing.name }, {}, 5, { frozen });
  const before = copyWeights(step);
  await step.step([await demoBatch(2)], { step: 0, utterances: 2, learningRate: 0.1 });
  const changed = [...copyWeights(step)].filter(([name, now]) => now.join() !== before.get(name)!.join());
  expect(changed.map(([name]) => name).toSorted()).toEqual([...moved, "out.weight", "out.bias"].toSorted());
});

it.each([
  [["norm"], true],
  [[], false],
])("frozen %j, a step has the loss that the model has once trained: %j", async (frozen, same) => {
  const step = await openStep({ name: normalizing.name }, {}, 5, { frozen });
  const batch = await demoBatch(2);
  for (const part of ["mean", "variance"]) step.state.weights.get(`norm.${part}`)!.data.fill(3); // not the batch's own
  const { losses: used } = await step.evaluate(batch);
  const { losses: learned } = await step.step([batch], { step: 0, utterances: 2, learningRate: 0 });
  const difference = learned.reduce((most, loss, b) => Math.max(most, Math.abs(loss / used[b] - 1)), 0);
  expect(difference < 1e-5).toBe(same);
});
