import { afterAll, describe, expect, it } from "vitest";
import { normalizeFeatures, computeFeatures } from "../../src/audio/index.ts";
import { TrainedModel } from "../../src/model/index.ts";
import { outputSteps } from "../../src/network/index.ts";
import { sweep } from "../recognizer/wave-file.ts";
import { untrainedModel } from "./small-model.ts";

describe("a trained model", async () => {
  const file = untrainedModel();
  const model = await TrainedModel.open(file, { threads: 1 });
  afterAll(() => model.close());

  it("computes features with the settings of its file", () => {
    const samples = sweep(0.3);
    expect(model.features(samples)).toEqual(
      normalizeFeatures(computeFeatures(samples, file.features), file.features),
    );
  });

  it("gives an utterance the same logits alone and among longer neighbors, within 1e-5", async () => {
    const utterances = [0.25, 0.8, 0.5].map((seconds) => model.features(sweep(seconds)));
    const together = await model.logits(utterances);
    const symbols = file.alphabet.size;
    for (const [b, frames] of utterances.entries()) {
      const alone = await model.logits([frames]);
      expect(alone.steps).toEqual([outputSteps(file.architecture, frames.frames)]);
      expect(together.steps[b]).toBe(alone.steps[0]);
      alone.logits.forEach((expected, i) => {
        const [t, v] = [Math.floor(i / symbols), i % symbols];
        const came = together.logits[(t * utterances.length + b) * symbols + v];
        expect(Math.abs(came - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
      });
    }
  });

  it("gives no logits for no frames", async () => {
    const empty = { data: new Float32Array(0), frames: 0, size: 10 };
    expect(await model.logits([])).toEqual({ logits: new Float32Array(0), steps: [] });
    expect((await model.logits([empty])).steps).toEqual([0]);
    const beside = await model.logits([empty, model.features(sweep(0.2))]);
    expect(beside.steps[0]).toBe(0);
  });
});
