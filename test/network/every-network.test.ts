// What holds for every network in the table, each cell, one recurrent layer and two, and each word that a setting may have:
// a new row, cell or kind is tested without being named here. Small values are given to the settings that a network has.

import { describe, expect, it } from "vitest";
import { checkGradients } from "../../src/doctor/ladder/gradient-check.ts";
import {
  initializeWeights,
  parameterShapes,
  resolveArchitecture,
  streamingProgram,
  trainingGraph,
} from "../../src/network/index.ts";
import { cellNames } from "../../src/network/cells/index.ts";
import { symbolAxes } from "../../src/training/run/shared-symbols.ts";
import { alphabet, BINS, demoBatch } from "../training/recordings.ts";
import type { StepBatch } from "../../src/training/index.ts";
import { copyWeights, openStep } from "../training/steps.ts";
import { difference, pieces, streamed, utterance, vividWeights, whole } from "./run-network.ts";
import { architectureOf, F, has, names, settingsOf, variants, type Variant } from "./variants.ts";

/** The losses of a batch in training where a weight was moved by so much. */
async function lossesAt(settings: Variant, name: string, by: number): Promise<Float64Array> {
  const step = await openStep(settings, { name: "nesterov", momentum: 0 }, 1e12);
  const { data } = step.state.weights.get(name)!;
  data.forEach((value, i) => (data[i] = value + by));
  const batch = await demoBatch(3);
  return (await step.step([batch], { step: 0, utterances: batch.B, learningRate: 0 })).losses;
}

it("there are networks, and cells", () => {
  expect(variants.length).toBeGreaterThanOrEqual(names.length * cellNames.length);
  expect(variants.some(({ follows }) => follows)).toBe(true);
});

describe.each(variants)("the network $title", ({ variant }) => {
  const architecture = architectureOf(variant);
  const weights = vividWeights(architecture);
  const utterances = [9, 14, 1, 6].map((frames, i) => utterance(frames, F, i));

  it("gives a padded batch, in any order, what it gives its utterances one by one", async () => {
    const together = await whole(architecture, weights, utterances);
    const reversed = await whole(architecture, weights, utterances.toReversed());
    for (const [b, frames] of utterances.entries()) {
      const [alone] = await whole(architecture, weights, [frames]);
      expect(difference(alone, together[b])).toBeLessThan(1e-5);
      expect(difference(alone, reversed[3 - b])).toBeLessThan(1e-5);
    }
  });

  it("says which of its numbers belong to which symbol, so that another alphabet keeps those that both have", () => {
    const axes = symbolAxes(architecture);
    expect(axes.size).toBeGreaterThan(0);
    for (const [name, own] of axes) expect(own, name).not.toEqual([]);
  });

  it("follows the gradient of the loss in every weight, as central differences measure it", async () => {
    const { size: symbols, blank } = alphabet;
    const settings = settingsOf(variant, { width: 24, ceiling: 20 });
    const trained = resolveArchitecture(settings, { features: BINS, symbols }, "test");
    const slopes = await checkGradients({ architecture: trained, blank, threads: 1 }, await demoBatch(3));
    const kept = new Set(trainingGraph(trained).statistics.map(({ weight }) => weight));
    const names = [...parameterShapes(trained).keys()].filter((name) => !kept.has(name));
    const flat = names.filter((name) => !slopes.some((slope) => slope.name === name));
    expect(slopes.map(({ name }) => name)).toEqual(names.filter((name) => !flat.includes(name)));
    for (const name of flat) {
      // what is added to all that batch normalization then takes the mean from
      expect(kept.size > 0 && name.endsWith(".bias"), name).toBe(true);
      const [before, after] = [await lossesAt(settings, name, 0), await lossesAt(settings, name, 1)];
      for (const [b, loss] of before.entries()) expect(after[b] / loss, name).toBeCloseTo(1, 4);
    }
    for (const { name, gradient, difference: measured } of slopes)
      expect(Math.abs(gradient - measured) / gradient, name).toBeLessThan(0.05);
  });

  it("learns the same from a batch with more padding, and takes a step with dropout", async () => {
    const batch = await demoBatch(3);
    const more = 13;
    const frames = new Float32Array((batch.T + more) * batch.B * BINS);
    frames.set(batch.frames);
    const longer = { ...batch, T: batch.T + more, frames };
    const after = async (of: StepBatch, dropout: number) => {
      const step = await openStep(settingsOf(variant, { dropout }), { name: "nesterov", momentum: 0 }, 1e12);
      const { losses } = await step.step([of], { step: 0, utterances: of.B, learningRate: 1e-3 });
      return { losses, weights: copyWeights(step) };
    };
    const [plain, padded, dropped] = [await after(batch, 0), await after(longer, 0), await after(batch, 0.2)];
    for (const [b, loss] of plain.losses.entries()) expect(padded.losses[b] / loss).toBeCloseTo(1, 5);
    for (const [name, weights] of plain.weights)
      for (const [i, value] of weights.entries())
        expect(Math.abs(padded.weights.get(name)![i] - value), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(value))); // prettier-ignore
    const changes = has(variant.name as string, "dropout");
    expect([...dropped.losses].every(Number.isFinite)).toBe(true);
    expect(dropped.losses[0] !== plain.losses[0]).toBe(changes);
  });

  it("learns a batch by heart", async () => {
    const settings = settingsOf(variant, { width: 48, ceiling: 20, stride: 2 });
    const step = await openStep(settings, { name: "adamw", weightDecay: 0 }, 5);
    const batch = await demoBatch(3);
    const right = async () => {
      const { hypotheses } = await step.evaluate(batch);
      return hypotheses.every((labels, b) => alphabet.decode(labels) === batch.transcripts[b]);
    };
    let learned = false;
    for (let i = 0; i < 400 && !learned; i++) {
      await step.step([batch], { step: i, utterances: batch.B, learningRate: 4e-3 });
      learned = i % 10 === 9 && (await right());
    }
    expect(learned).toBe(true);
  });
});

describe.each(variants.filter(({ follows }) => follows))("a stream through $title", ({ variant }) => {
  it.each([1, 7, 1000])("gives the logits of the whole recording in chunks of %i frames", async (size) => {
    const architecture = architectureOf(variant);
    const weights = vividWeights(architecture);
    const frames = utterance(61, F, 7);
    const [expected] = await whole(architecture, weights, [frames]);
    const { logits } = await streamed(architecture, weights, frames, pieces(61, size));
    expect(difference(expected, logits)).toBeLessThan(1e-5);
  });
});

describe.each(variants.filter(({ follows }) => !follows))("the network $title", ({ variant }) => {
  it("says that it cannot follow a stream", () => {
    const architecture = architectureOf(variant);
    const weights = initializeWeights(architecture, 1);
    expect(() => streamingProgram(architecture, weights)).toThrow(
      expect.objectContaining({ code: "NEEDS_WHOLE_UTTERANCE" }),
    );
  });
});
