// Long recordings in consecutive segments: the loss is that of the whole recording, since states are handed on; the gradient
// stops at the borders; and no recording hears of another.

import { describe, expect, it } from "vitest";
import { parameterShapes, resolveArchitecture } from "../../src/network/index.ts";
import { segmentPrograms } from "../../src/training/step/segment-programs.ts";
import type { StepBatch } from "../../src/training/index.ts";
import { BINS, demoBatch } from "./recordings.ts";
import { cut, openStep } from "./steps.ts";

const SEGMENT = 20; // frames
const forward = { name: "deep-speech-forward", width: 16, context: 3, lookAhead: 3, dropout: 0 };
const attention = { name: "transformer", width: 16, heads: 2, layers: 2, channels: 4, dropout: 0 };
const conformer = { ...attention, block: "conformer", kernel: 3, memory: 6, lookAhead: 2 };

/** The losses of a batch and its gradients, without learning from it. */
async function gradientOf(
  network: Record<string, unknown>,
  batch: StepBatch,
  segmentFrames?: number,
  intermediate?: { readonly heads: number; readonly weight: number },
) {
  const gradients = new Map<string, Float32Array>();
  const step = await openStep(network, { name: "nesterov", momentum: 0 }, 1e12, {
    segmentFrames,
    intermediate,
    combine: async (compute) => {
      const own = await compute();
      for (const [name, gradient] of own.gradients) gradients.set(name, gradient.slice());
      return own;
    },
  });
  const { losses } = await step.step([batch], { step: 0, utterances: batch.B, learningRate: 0 });
  return { losses, gradients, step };
}

/** The largest difference, as a share of the largest number. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  const largest = Math.max(...x.map(Math.abs), 1e-12);
  return Math.max(...x.map((value, i) => Math.abs(value - y[i]))) / largest;
}

describe.each([
  ["a recurrence", forward],
  ["gates, two layers of them", { ...forward, cell: "lstm", recurrentLayers: 2 }],
  ["attention with a memory", conformer],
])("a network that hands on states: %s", (_, network) => {
  it("has the losses of the whole recordings, whatever the segments", async () => {
    const batch = await demoBatch(3);
    const { losses } = await gradientOf(network, batch);
    for (const frames of [8, SEGMENT]) {
      expect(batch.T).toBeGreaterThan(frames);
      expect(difference(losses, (await gradientOf(network, batch, frames)).losses)).toBeLessThan(1e-4);
    }
  });

  it("has the gradient of the whole where a recording is no longer than a segment", async () => {
    const batch = await demoBatch(2);
    const [one, other] = [await gradientOf(network, batch), await gradientOf(network, batch, 2 * batch.T)];
    for (const [name, gradient] of one.gradients) expect(other.gradients.get(name)).toEqual(gradient);
  });

  it("gives each recording of a batch what it gives it alone, and a second batch no trace of the first", async () => {
    const batch = await demoBatch(3);
    const { losses, step } = await gradientOf(network, batch, SEGMENT);
    for (const b of [0, 1, 2]) {
      const alone = await gradientOf(network, cut(batch, b, b + 1), SEGMENT);
      expect(alone.losses[0] / losses[b]).toBeCloseTo(1, 4);
    }
    const again = await step.step([batch], { step: 1, utterances: 3, learningRate: 0 });
    expect(again.losses).toEqual(losses);
  });
});

describe("the gradient of recordings in segments", () => {
  it("is that of the whole where nothing flows from step to step, frame windows and look-ahead included", async () => {
    const batch = await demoBatch(3);
    const still = { ...forward, recurrentStart: 0 };
    const whole = await gradientOf(still, batch);
    const segmented = await gradientOf(still, batch, SEGMENT);
    for (const [name, gradient] of whole.gradients)
      expect(difference(gradient, segmented.gradients.get(name)!), name).toBeLessThan(1e-3);
  });

  it("has the loss of heads between layers, as the whole has", async () => {
    const batch = await demoBatch(3);
    const still = { ...forward, recurrentStart: 0, recurrentLayers: 2 };
    const heads = { heads: 1, weight: 0.4 };
    const whole = await gradientOf(still, batch, undefined, heads);
    const segmented = await gradientOf(still, batch, SEGMENT, heads);
    expect(difference(whole.losses, segmented.losses)).toBeLessThan(1e-4);
    expect([...whole.gradients.keys()]).toContain("h4-head.weight");
    for (const [name, gradient] of whole.gradients)
      expect(difference(gradient, segmented.gradients.get(name)!), name).toBeLessThan(1e-3);
  });

  it("stops at the borders of segments", async () => {
    const batch = await demoBatch(3);
    const whole = await gradientOf(forward, batch);
    const segmented = await gradientOf(forward, batch, SEGMENT);
    const name = "h4.weight";
    expect(difference(whole.gradients.get(name)!, segmented.gradients.get(name)!)).toBeGreaterThan(0.01);
  });

  it("drops the same units on the way forward and back", async () => {
    const batch = await demoBatch(3);
    const network = { ...forward, recurrentStart: 0, dropout: 0.3 };
    const { gradients, step, losses } = await gradientOf(network, batch, SEGMENT);
    const gradient = gradients.get("h1.weight")!;
    const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
    const reach = 0.02 / length;
    const { data } = step.state.weights.get("h1.weight")!;
    const origin = data.slice();
    const lossAt = async (share: number) => {
      data.set(origin.map((value, i) => value + (share * reach * gradient[i]) / length));
      const outcome = await step.step([batch], { step: 0, utterances: 3, learningRate: 0 });
      return outcome.losses.reduce((sum, loss) => sum + loss, 0) / 3;
    };
    expect(await lossAt(0)).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 3, 4);
    const slope = ((await lossAt(1)) - (await lossAt(-1))) / (2 * reach);
    expect(Math.abs(slope / length - 1)).toBeLessThan(0.05);
  });

  it("learns a batch, with dropout, by a transformer with a memory", async () => {
    const network = { ...attention, memory: 8, lookAhead: 2, dropout: 0.1, stochasticDepth: 0.1, width: 32 };
    const step = await openStep(network, { name: "adamw" }, 5, { segmentFrames: 48 });
    const batch = await demoBatch(3);
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) {
      const outcome = await step.step([batch], { step: i, utterances: 3, learningRate: 3e-3 });
      losses.push(outcome.losses.reduce((sum, loss) => sum + loss, 0));
    }
    expect(losses.at(-1)!).toBeLessThan(losses[0] / 2);
  });
});

describe("programs for segments", () => {
  it("are refused of a network that sees the whole utterance", () => {
    const paper = resolveArchitecture({ width: 8 }, { features: BINS, symbols: 5 }, "test");
    expect(() => segmentPrograms(paper, new Set(), 100)).toThrow(
      expect.objectContaining({ code: "NEEDS_WHOLE_UTTERANCE", where: "deep-speech" }),
    );
  });

  it("cut at whole steps, and give no gradient for what is frozen", () => {
    const architecture = resolveArchitecture(conformer, { features: BINS, symbols: 5 }, "test");
    const frozen = new Set(
      [...parameterShapes(architecture).keys()].filter((name) => name.startsWith("b1.")),
    );
    const { frames, gradients } = segmentPrograms(architecture, frozen, 99);
    expect(frames).toBe(100);
    expect(gradients.map(([name]) => name).filter((name) => frozen.has(name))).toEqual([]);
    expect(gradients.length + frozen.size).toBe(parameterShapes(architecture).size);
  });
});
