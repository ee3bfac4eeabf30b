import { describe, expect, it } from "vitest";
import { ctcLoss, minimumSteps } from "../../src/ctc/index.ts";
import type { CtcUtterance } from "../../src/ctc/loss/batch.ts";
import { logSpaceLoss } from "../../src/ctc/loss/log-space.ts";
import { enumeratePaths, largestError, randomUtterance, rescaled } from "./oracles.ts";
import pytorch from "./pytorch.json" with { type: "json" };

const forms = { "log space": logSpaceLoss, rescaled } as const;

/** [T, B, V] logits of tools/oracles/ctc_pytorch.py. */
function formulaLogits(steps: number, utterances: number, symbols: number): Float64Array {
  return Float64Array.from({ length: steps * utterances * symbols }, (_, i) => {
    const v = i % symbols;
    const b = Math.floor(i / symbols) % utterances;
    const t = Math.floor(i / symbols / utterances);
    return 2 * Math.sin(1.3 * t + 0.7 * b + 2.1 * v + 0.5 * t * v);
  });
}

/** Whether the rescaled form takes it on; if so, it must agree with log space. */
function agrees(utterance: CtcUtterance): boolean {
  const fast = rescaled(utterance);
  if (fast === undefined) return false;
  const plain = logSpaceLoss(utterance);
  expect(largestError([fast.loss], [plain.loss])).toBeLessThan(1e-10);
  expect(largestError(fast.gradient, plain.gradient)).toBeLessThan(1e-9);
  return true;
}

describe("the CTC loss and its gradient at the logits", () => {
  it("are PyTorch 1.13.1's, in float64 through log-softmax (tools/oracles/ctc_pytorch.py)", () => {
    const { steps, symbols, blank } = pytorch;
    const labels = pytorch.labels.map((list) => Int32Array.from(list));
    const logits = formulaLogits(Math.max(...steps), steps.length, symbols);
    const { losses, gradient } = ctcLoss({ logits, steps, labels, symbols, blank });
    expect(largestError(losses, pytorch.losses)).toBeLessThan(1e-12);
    expect(largestError(gradient, pytorch.gradient.flat(2))).toBeLessThan(1e-7); // stored in float32
  });

  it.each(Object.keys(forms) as (keyof typeof forms)[])("in %s are PyTorch 1.13.1's to 1e-12", (form) => {
    const { symbols, blank } = pytorch;
    const logits = formulaLogits(7, 5, symbols);
    pytorch.steps.forEach((steps, b) => {
      const own = Float64Array.from({ length: steps * symbols }, (_, i) => {
        return logits[(Math.floor(i / symbols) * 5 + b) * symbols + (i % symbols)];
      });
      const labels = Int32Array.from(pytorch.labels[b]);
      const result = forms[form]({ logits: own, steps, labels, symbols, blank })!;
      const expected = pytorch.gradient.slice(0, steps).flatMap((row) => row[b]);
      expect(largestError([result.loss], [pytorch.losses[b]])).toBeLessThan(1e-12);
      expect(largestError(result.gradient, expected)).toBeLessThan(1e-12);
    });
  });

  it.each(Object.keys(forms) as (keyof typeof forms)[])(
    "in %s are the sums over all paths, one by one",
    (form) => {
      let compared = 0;
      for (let seed = 0; seed < 120; seed++) {
        const symbols = 2 + (seed % 3);
        const utterance = randomUtterance(seed, {
          steps: 1 + (seed % 5),
          labels: Math.floor(seed / 5) % 4,
          symbols,
          blank: Math.floor(seed / 3) % symbols,
          scale: 2,
        });
        if (minimumSteps(utterance.labels) > utterance.steps) continue;
        const expected = enumeratePaths(utterance);
        const actual = forms[form](utterance)!;
        expect(Math.abs(actual.loss - expected.loss) / expected.loss).toBeLessThan(1e-10);
        expect(largestError(actual.gradient, expected.gradient)).toBeLessThan(1e-10);
        compared++;
      }
      expect(compared).toBeGreaterThan(60);
    },
  );

  it("agree with each other: the gradient is the loss differentiated numerically", () => {
    const utterance = randomUtterance(7, { steps: 12, labels: 4, symbols: 5 });
    const { gradient } = logSpaceLoss(utterance);
    const lossAt = (i: number, shift: number) =>
      logSpaceLoss({ ...utterance, logits: utterance.logits.map((z, j) => (i === j ? z + shift : z)) }).loss;
    const numerical = gradient.map((_, i) => (lossAt(i, 1e-5) - lossAt(i, -1e-5)) / 2e-5);
    expect(largestError(gradient, numerical)).toBeLessThan(1e-8);
  });

  it("of empty labels are those of the blanks: −Σ ln p(blank)", () => {
    const logits = Float32Array.of(0, Math.log(3), Math.log(4), 0); // p(blank) = 3/4, then 1/5
    const { losses, gradient } = ctcLoss({
      logits,
      steps: [2],
      labels: [new Int32Array()],
      symbols: 2,
      blank: 1,
    });
    expect(losses[0]).toBeCloseTo(-Math.log(3 / 20), 6);
    expect(largestError(gradient, [0.25, -0.25, 0.8, -0.8])).toBeLessThan(1e-6);
  });

  it("at the fewest steps are those of the single path", () => {
    const utterance = {
      ...randomUtterance(3, { steps: 3, labels: 2, symbols: 3 }),
      labels: Int32Array.of(1, 1),
    };
    const expected = enumeratePaths(utterance);
    const only = { ...utterance, steps: [3], labels: [utterance.labels] };
    expect(minimumSteps(utterance.labels)).toBe(3);
    expect(ctcLoss(only).losses[0]).toBeCloseTo(expected.loss, 12);
  });
});

describe("the rescaled form", () => {
  it("equals log space for random utterances of every size, without giving up", () => {
    for (let seed = 0; seed < 60; seed++) {
      const steps = 1 + ((seed * 7) % 90);
      const symbols = 2 + (seed % 28);
      const utterance = randomUtterance(seed, {
        steps,
        labels: Math.floor((steps * (seed % 4)) / 6),
        symbols,
        scale: [0.1, 1, 4, 10][seed % 4],
      });
      if (minimumSteps(utterance.labels) <= steps) expect(agrees(utterance)).toBe(true);
    }
  });

  it.each([0, 2, 8, 20])(
    "copes with a network that prefers blanks by %i nats, as early in training",
    (nats) => {
      const utterance = randomUtterance(1, { steps: 400, labels: 160, symbols: 29 });
      for (let t = 0; t < utterance.steps; t++) utterance.logits[t * 29 + 28] += nats;
      expect(agrees(utterance)).toBe(true);
    },
  );

  it("equals log space or gives up where logits are large, and gives up for some", () => {
    const outcomes = Array.from({ length: 40 }, (_, seed) =>
      agrees(randomUtterance(seed, { steps: 40, labels: 12, symbols: 6, scale: 10 ** (1 + (seed % 5) / 2) })),
    );
    expect(outcomes).toContain(true);
    expect(outcomes).toContain(false);
  });

  it("gives up rather than lose the only paths there are behind likelier dead ends", () => {
    // All mass leaves the path's early symbols at once, and only at the end do the late ones become possible.
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 2);
    const logits = Float64Array.from({ length: 130 * 3 }, (_, i) => {
      return i % 3 === (i < 65 * 3 ? 2 : 0) ? 30 : 0;
    });
    const utterance = { logits, labels, steps: 130, symbols: 3, blank: 2 };
    expect(rescaled(utterance)).toBeUndefined();
    const { losses, gradient } = ctcLoss({ ...utterance, steps: [130], labels: [labels] });
    const plain = logSpaceLoss(utterance);
    expect(largestError(losses, [plain.loss])).toBeLessThan(1e-10);
    expect(largestError(gradient, plain.gradient)).toBeLessThan(1e-6);
  });
});

describe("the loss of extreme logits", () => {
  it.each([1e3, 1e6, 1e30, 3e38])("of ±%d is finite, with finite gradients", (scale) => {
    const { logits, labels, steps, symbols, blank } = randomUtterance(5, {
      steps: 30,
      labels: 10,
      symbols: 6,
    });
    const extreme = logits.map((z) => Math.sign(z) * scale);
    const { losses, gradient } = ctcLoss({
      logits: extreme,
      labels: [labels],
      steps: [steps],
      symbols,
      blank,
    });
    expect(losses[0]).toBeGreaterThan(0);
    expect(losses[0]).toBeLessThan(Infinity);
    expect(gradient.every((slope) => Math.abs(slope) <= 1 + 1e-6)).toBe(true);
  });

  it("is zero where the network is sure and right", () => {
    const logits = Float32Array.of(1e3, -1e3, -1e3, 1e3);
    const { losses, gradient } = ctcLoss({
      logits,
      labels: [Int32Array.of(0)],
      steps: [2],
      symbols: 2,
      blank: 1,
    });
    expect(losses[0]).toBeCloseTo(0, 12);
    expect(largestError(gradient, [0, 0, 0, 0])).toBeLessThan(1e-12);
  });
});

describe("a padded batch", () => {
  const utterances = [9, 5, 7].map((steps, b) => randomUtterance(b, { steps, labels: 2 + b, symbols: 4 }));
  const padded = 11;

  function pad(filler: number): Float32Array {
    const logits = new Float32Array(padded * 3 * 4).fill(filler);
    utterances.forEach(({ logits: own }, b) =>
      own.forEach((z, i) => (logits[(Math.floor(i / 4) * 3 + b) * 4 + (i % 4)] = z)),
    );
    return logits;
  }
  const batch = {
    steps: utterances.map(({ steps }) => steps),
    labels: utterances.map(({ labels }) => labels),
    symbols: 4,
    blank: 3,
  };

  it("gives each utterance the loss and gradient that it has alone, bit for bit", () => {
    const { losses, gradient } = ctcLoss({ ...batch, logits: pad(0) });
    utterances.forEach(({ logits, steps, labels }, b) => {
      const alone = ctcLoss({
        ...batch,
        logits: Float32Array.from(logits),
        steps: [steps],
        labels: [labels],
      });
      expect(losses[b]).toBe(alone.losses[0]);
      const own = Array.from(alone.gradient, (_, i) => gradient[(Math.floor(i / 4) * 3 + b) * 4 + (i % 4)]);
      expect(own).toEqual([...alone.gradient]);
    });
  });

  it("has a zero gradient in the padding and never reads it, be it NaN", () => {
    const clean = ctcLoss({ ...batch, logits: pad(0) });
    const dirty = ctcLoss({ ...batch, logits: pad(NaN) });
    expect(dirty).toEqual(clean);
    for (let t = 0; t < padded; t++) {
      utterances.forEach(({ steps }, b) => {
        const row = [...clean.gradient.subarray((t * 3 + b) * 4, (t * 3 + b + 1) * 4)];
        if (t >= steps) expect(row).toEqual([0, 0, 0, 0]);
        else expect(row.some((slope) => slope !== 0)).toBe(true);
      });
    }
  });

  it("of no utterances has no losses", () => {
    const { losses, gradient } = ctcLoss({
      logits: new Float32Array(),
      steps: [],
      labels: [],
      symbols: 4,
      blank: 3,
    });
    expect([losses.length, gradient.length]).toEqual([0, 0]);
  });
});
