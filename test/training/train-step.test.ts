import { describe, expect, it } from "vitest";
import { errorRates } from "../../src/text/index.ts";
import type { StepBatch } from "../../src/training/index.ts";
import { alphabet, demoBatch } from "./recordings.ts";
import { copyWeights, cut, openStep } from "./steps.ts";

const { size: symbols, blank } = alphabet;
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
const size = (batch: StepBatch) => batch.labels.reduce((sum, labels) => sum + labels.length, 0);

describe("a train step", () => {
  it("descends along the gradient of the mean CTC loss, as central differences measure it", async () => {
    const step = await openStep(
      { width: 24, context: 2, dropout: 0, recurrentStart: 0.9 },
      { name: "nesterov", momentum: 0 },
      1e9,
    );
    const batch = await demoBatch(3);
    const rate = 1;
    const before = copyWeights(step);
    await step.step([batch], { step: 0, utterances: batch.B, learningRate: rate }); // without momentum: weight − rate · gradient
    const after = copyWeights(step);
    const gradient = new Map(
      [...before].map(([name, w]) => [name, w.map((x, i) => (x - after.get(name)![i]) / rate)]),
    );
    for (const [name, w] of before) {
      const slope = Math.hypot(...gradient.get(name)!); // along the gradient itself
      const direction = gradient.get(name)!.map((g) => g / slope);
      const lossAt = async (shift: number) => {
        for (const [other, values] of before) step.state.weights.get(other)!.data.set(values);
        step.state.weights.get(name)!.data.set(w.map((x, i) => x + shift * direction[i]));
        return mean((await step.evaluate(batch)).losses);
      };
      const difference = ((await lossAt(1e-3)) - (await lossAt(-1e-3))) / 2e-3;
      expect(Math.abs(slope - difference) / Math.max(1, difference), name).toBeLessThan(0.01);
    }
  });

  it("scales a gradient longer than the cap to the cap, and reports the norm before", async () => {
    const momentumless = { name: "nesterov", momentum: 0 };
    const step = await openStep({ width: 16, context: 1, dropout: 0 }, momentumless, 0.5);
    const batch = await demoBatch(2);
    const before = copyWeights(step);
    const { gradientNorm } = await step.step([batch], { step: 0, utterances: 2, learningRate: 1 });
    expect(gradientNorm).toBeGreaterThan(0.5);
    const moved = [...step.state.weights].flatMap(([name, { data }]) =>
      [...data].map((x, i) => x - before.get(name)![i]),
    );
    expect(Math.hypot(...moved)).toBeCloseTo(0.5, 3);
  });

  it("draws its dropout from the seed and the number of the step alone", async () => {
    const losses = async (number: number) => {
      const step = await openStep({ width: 16, context: 1, dropout: 0.3 }, {}, 5);
      return (await step.step([await demoBatch(2)], { step: number, utterances: 2, learningRate: 0 })).losses;
    };
    expect(await losses(7)).toEqual(await losses(7));
    expect(await losses(7)).not.toEqual(await losses(8));
  });

  it("learns a batch by heart: loss under 0.05 nats per symbol and no word wrong", async () => {
    const step = await openStep({ width: 96, context: 5, dropout: 0 }, { name: "adamw", weightDecay: 0 }, 5);
    const batch = await demoBatch(8);
    let result = await step.evaluate(batch);
    for (let i = 0; i < 400 && mean(result.losses) * batch.B > 0.02 * size(batch); i++) {
      await step.step([batch], { step: i, utterances: batch.B, learningRate: 3e-3 });
      if (i % 10 === 9) result = await step.evaluate(batch);
    }
    expect((mean(result.losses) * batch.B) / size(batch)).toBeLessThan(0.05);
    const hypotheses = result.hypotheses.map((labels) => alphabet.decode(labels));
    const pairs = batch.transcripts.map((reference, b) => ({ reference, hypothesis: hypotheses[b] }));
    expect(errorRates(pairs).wer).toBe(0);
  });

  it("leaves out an update whose gradient is not finite, and says so by its norm", async () => {
    const step = await openStep({ width: 16, context: 1, dropout: 0 }, {}, 5);
    step.state.weights.get("h5.weight")!.data.fill(0);
    step.state.weights.get("h5.bias")!.data.fill(1e-37);
    const { data } = step.state.weights.get("h6.weight")!; // times h5 = 1e−37: finite logits, but an infinite gradient
    data.forEach((_, i) => (data[i] = i % symbols === blank ? 3e38 : -3e38));
    const before = copyWeights(step);
    const { losses, gradientNorm } = await step.step([await demoBatch(2)], {
      step: 0,
      utterances: 2,
      learningRate: 1e-3,
    });
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(gradientNorm).not.toSatisfy(Number.isFinite);
    expect(copyWeights(step)).toEqual(before);
  });

  it("says that training diverged when the network's output is not finite", async () => {
    const step = await openStep({ width: 16, context: 1 }, {}, 5);
    step.state.weights.get("h6.bias")!.data.fill(Number.NaN);
    const batch = await demoBatch(2);
    await expect(step.step([batch], { step: 0, utterances: 2, learningRate: 1e-3 })).rejects.toMatchObject({
      code: "DIVERGED",
    });
  });
});

describe("a train step of several batches", () => {
  it("is that of one batch with all their utterances, whatever their sizes", async () => {
    const settings = [{ width: 24, context: 2, dropout: 0 }, { name: "nesterov", momentum: 0 }, 1e9] as const;
    const batch = await demoBatch(5);
    const [together, apart] = [await openStep(...settings), await openStep(...settings)];
    const request = { step: 0, utterances: 5, learningRate: 1 };
    const whole = await together.step([batch], request);
    const parts = await apart.step([cut(batch, 0, 3), cut(batch, 3, 5)], request);
    expect(parts.losses).toHaveLength(5);
    parts.losses.forEach((loss, b) => expect(loss).toBeCloseTo(whole.losses[b], 3));
    expect(parts.gradientNorm / whole.gradientNorm).toBeCloseTo(1, 4);
    const [a, b] = [copyWeights(together), copyWeights(apart)];
    for (const [name, weights] of a) {
      const difference = Math.hypot(...weights.map((w, i) => w - b.get(name)![i]));
      expect(difference / whole.gradientNorm, name).toBeLessThan(1e-5); // the update is as long as the gradient
    }
  });

  it("draws another dropout for each of them", async () => {
    const step = await openStep({ width: 16, context: 1, dropout: 0.3 }, {}, 5);
    const { losses } = await step.step([await demoBatch(1), await demoBatch(1)], {
      step: 0,
      utterances: 2,
      learningRate: 0,
    });
    expect(losses[0]).not.toBe(losses[1]);
  });
});

describe("frozen layers", () => {
  it("stay as they are, while the others move as far as ever", async () => {
    const settings = [{ width: 16, context: 1, dropout: 0 }, { name: "nesterov", momentum: 0 }, 1e9] as const;
    const [free, frozen] = [
      await openStep(...settings),
      await openStep(...settings, { frozen: ["h1", "h4.forward"] }),
    ];
    const before = copyWeights(frozen);
    const batch = await demoBatch(2);
    const { gradientNorm: all } = await free.step([batch], { step: 0, utterances: 2, learningRate: 1 });
    const request = { step: 0, utterances: 2, learningRate: 1, inspect: true };
    const { gradientNorm: rest, layerNorms } = await frozen.step([batch], request);
    expect(Object.keys(layerNorms!).toSorted()).toEqual(["h2", "h3", "h4", "h4.backward", "h5", "h6"]);
    expect(rest).toBeLessThan(all);
    expect(rest).toBeCloseTo(Math.hypot(...Object.values(layerNorms!)), 3);
    const [moved, alsoMoved] = [copyWeights(free), copyWeights(frozen)];
    for (const [name, weights] of alsoMoved) {
      const isFrozen = ["h1.weight", "h1.bias", "h4.forward"].includes(name);
      const expected = isFrozen ? before : moved;
      weights.forEach((w, i) => expect(w).toBeCloseTo(expected.get(name)![i], 4));
    }
  });

  it("keep every bit through many steps of weight decay and averaging, and may be named by a star", async () => {
    const step = await openStep({ width: 16, context: 1 }, { weightDecay: 0.1 }, 5, {
      frozen: ["h*.bias", "h1"],
    });
    const before = copyWeights(step);
    const batch = await demoBatch(2);
    for (let i = 0; i < 3; i++)
      await step.step([batch], { step: i, utterances: 2, learningRate: 1e-2, average: true });
    const frozen = [...before.keys()].filter((name) => name.endsWith(".bias") || name === "h1.weight");
    expect(frozen).toHaveLength(7);
    for (const weights of [step.state.weights, step.state.average!.weights])
      for (const [name, { data }] of weights)
        if (frozen.includes(name)) expect([...data], name).toEqual([...before.get(name)!]);
        else expect([...data], name).not.toEqual([...before.get(name)!]);
  });

  it("have to exist, and one layer has to be left", async () => {
    const refuse = (frozen: string[]) => openStep({ width: 4, context: 0 }, {}, 5, { frozen });
    await expect(refuse(["h9"])).rejects.toMatchObject({
      code: "UNKNOWN_LAYER",
      problem: 'The network has no layer and no weight named "h9".',
      remedy: expect.stringContaining("Its layers: h1, h2, h3, h4, h5, h6;"),
    });
    const deep = { name: "transformer", width: 8, layers: 2 };
    await expect(openStep(deep, {}, 5, { frozen: ["h9"] })).rejects.toMatchObject({
      remedy: "Its layers: front, b1, b2, norm, out; weights have names such as front.conv1.weight.",
    });
    const all = ["h1", "h2", "h3", "h4", "h5", "h6"];
    await expect(refuse(all)).rejects.toMatchObject({ code: "NOTHING_TO_TRAIN" });
  });
});

describe("rates of single layers", () => {
  const network = { width: 16, context: 1, dropout: 0 };
  const moves = async (optimizer: object, layerRates: Record<string, number>) => {
    const step = await openStep(network, { ...optimizer }, 1e9, { layerRates });
    const before = copyWeights(step);
    await step.step([await demoBatch(2)], { step: 0, utterances: 2, learningRate: 0.5 });
    return new Map(
      [...copyWeights(step)].map(([name, w]) => [name, w.map((x, i) => x - before.get(name)![i])]),
    );
  };

  it.each([
    { name: "nesterov", momentum: 0.9 },
    { name: "adamw", weightDecay: 0.1 },
  ])("move what they name by their factor of the move, and all else as ever: %o", async (optimizer) => {
    const all = await moves(optimizer, {});
    const own = await moves(optimizer, { "h*": 0.5, h1: 0.25, "h4.back*": 0.125, "h6.bias": 1 });
    const factors = new Map([
      ["h1.weight", 0.25],
      ["h1.bias", 0.25],
      ["h4.backward", 0.125],
      ["h6.bias", 1],
    ]);
    for (const [name, moved] of own)
      moved.forEach((by, i) =>
        expect(by, name).toBeCloseTo((factors.get(name) ?? 0.5) * all.get(name)![i], 4),
      );
  });

  it("are of layers that exist: a mistyped one is told with what was meant", async () => {
    await expect(openStep(network, {}, 5, { layerRates: { "h6.wieght": 0.1 } })).rejects.toMatchObject({
      code: "UNKNOWN_LAYER",
      where: "settings: layerRates",
      remedy: expect.stringContaining('Did you mean "h6.weight"?') as unknown,
    });
    await expect(openStep(network, {}, 5, { layerRates: { "x*": 0.1 } })).rejects.toMatchObject({
      problem: 'The network has no layer and no weight named "x*".',
    });
  });
});

describe("averaged weights", () => {
  const train = async (averageDecay: number) => {
    const step = await openStep({ width: 16, context: 1, dropout: 0 }, {}, 5, { averageDecay });
    const batch = await demoBatch(2);
    const history: ReturnType<typeof copyWeights>[] = [];
    for (let i = 0; i < 4; i++) {
      await step.step([batch], { step: i, utterances: 2, learningRate: 1e-2, average: i > 0 });
      if (i > 0) history.push(copyWeights(step));
    }
    const { weights, updates } = step.state.average!;
    expect(updates).toBe(3);
    return {
      step,
      batch,
      history: history.map((of) => of.get("h5.weight")!),
      average: weights.get("h5.weight")!.data,
    };
  };

  it("are the mean of those after each update since averaging began", async () => {
    const { history, average } = await train(1);
    average.forEach((a, i) => expect(a).toBeCloseTo(mean(history.map((weights) => weights[i])), 5));
  });

  it("forget the oldest with a decay below 1", async () => {
    const { history, average } = await train(0.4);
    const [first, second, third] = history;
    const expected = (i: number) => 0.4 * (0.4 * first[i] + 0.6 * second[i]) + 0.6 * third[i];
    average.forEach((a, i) => expect(a).toBeCloseTo(expected(i), 5));
  });

  it("are evaluated beside the latest", async () => {
    const { step, batch } = await train(1);
    const { losses, averaged } = await step.evaluate(batch);
    for (const [name, { data }] of step.state.average!.weights) step.state.weights.get(name)!.data.set(data);
    expect(averaged!.losses).not.toEqual(losses);
    expect((await step.evaluate(batch)).losses).toEqual(averaged!.losses);
  });
});

it("several labellings of a batch cost what each costs by itself", async () => {
  const step = await openStep({ width: 8, context: 0, dropout: 0 }, {}, 5);
  const batch = await demoBatch(4);
  const swapped = batch.labels.toReversed();
  const [own, other] = await step.losses(batch, [batch.labels, swapped]);
  expect(own).toEqual((await step.evaluate(batch)).losses);
  expect(other).toEqual((await step.evaluate({ ...batch, labels: swapped })).losses);
});

it("an inspection tells each layer's weights, and its share of units at 0 and at the clip without padding", async () => {
  const step = await openStep({ width: 8, context: 0, stride: 1, dropout: 0, ceiling: 1 }, {}, 5);
  const set = (name: string, values: ArrayLike<number>) => step.state.weights.get(name)!.data.set(values);
  for (const { data } of step.state.weights.values()) data.fill(0);
  set("h1.bias", [-1, -1, 0.5, 0.5, 0.5, 2, 2, 2]); // 2 of 8 units off, 3 at the clip
  set("h4.bias", [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 2]); // padding would be off
  const layers = await step.inspect(await demoBatch(3));
  expect(layers.map(({ name }) => name)).toEqual([
    "h1",
    "h2",
    "h3",
    "h4",
    "h4.forward",
    "h4.backward",
    "h5",
    "h6",
  ]);
  const layer = (name: string) => layers.find((candidate) => candidate.name === name);
  expect(layer("h1")).toEqual({
    name: "h1",
    weightNorm: Math.hypot(1, 1, 0.5, 0.5, 0.5, 2, 2, 2),
    zeroShare: 0.25,
    clippedShare: 0.375,
  });
  expect(layer("h4.forward")).toEqual({
    name: "h4.forward",
    weightNorm: 0,
    zeroShare: 0,
    clippedShare: 0.125,
  });
  expect(layer("h6")).toEqual({ name: "h6", weightNorm: 0 });
});
