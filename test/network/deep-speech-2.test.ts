// Deep Speech 2 gives what PyTorch's modules give, utterances of several lengths in one batch; and where its stride falls.

import { expect, it } from "vitest";
import {
  networkContract,
  outputSteps,
  parameterShapes,
  resolveArchitecture,
  type Architecture,
} from "../../src/network/index.ts";
import { wave } from "../graph/pytorch.ts";
import pytorch from "./deep-speech-2.json" with { type: "json" };
import { difference, utterance, vividWeights, whole, type Rows } from "./run-network.ts";

const F = 6;
const small = { width: 3, channels: 2, kernelFrames: 3, kernelBins: 5, recurrentLayers: 2 };
const architectureOf = (settings: Record<string, unknown>): Architecture =>
  resolveArchitecture({ name: "deep-speech-2", ...small, ...settings }, { features: F, symbols: 5 }, "test");

/** Those of tools/oracles/deep_speech_2_pytorch.py. */
function weightsOf(architecture: Architecture) {
  const shapes = [...parameterShapes(architecture)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    shapes.map(([name, dims], i) => {
      const { values } = wave(dims, i);
      const data = values.map((value) => (name.endsWith("variance") ? 1 + value ** 2 / 2 : value / 2));
      return [name, { type: "float32", dims, data: Float32Array.from(data) }] as const;
    }),
  );
}

const framesOf = (T: number): Rows => {
  const { values } = wave([T, F], T);
  return Array.from({ length: T }, (_, t) => values.slice(t * F, (t + 1) * F));
};

it("gives what PyTorch's modules give each utterance, in one padded batch", async () => {
  const architecture = architectureOf({ stride: 4, cell: "gru" });
  const lengths = ["9", "12", "2"] as const;
  const logits = await whole(architecture, weightsOf(architecture), lengths.map((T) => framesOf(Number(T)))); // prettier-ignore
  for (const [b, T] of lengths.entries()) expect(difference(pytorch[T], logits[b])).toBeLessThan(1e-5);
});

it.each(["1d", "2d"])(
  "takes its stride in two, and gives each utterance its own: %s",
  async (convolution) => {
    for (const stride of [1, 2, 3, 4, 6, 8])
      for (const kernelFrames of [1, 2, 5]) {
        const architecture = architectureOf({ stride, convolution, kernelFrames, recurrentLayers: 1 });
        expect(networkContract(architecture)).toMatchObject({ stride, lookAhead: "utterance", states: [] });
        const weights = vividWeights(architecture);
        const utterances = [utterance(17, F, 1), utterance(5, F, 2)];
        const together = await whole(architecture, weights, utterances);
        for (const [b, frames] of utterances.entries()) {
          const [alone] = await whole(architecture, weights, [frames]);
          expect(alone).toHaveLength(outputSteps(architecture, frames.length));
          expect(difference(alone, together[b]), `${stride}, ${kernelFrames}`).toBeLessThan(1e-5);
        }
      }
  },
);
