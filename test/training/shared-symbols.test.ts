// Which numbers of a network belong to which symbol, whatever the network: that is asked of it, not known.

import { describe, expect, it } from "vitest";
import { registerNetwork, resolveArchitecture, type NetworkDefinition } from "../../src/network/index.ts";
import { heNormal } from "../../src/network/initializers.ts";
import { dense } from "../../src/network/layers.ts";
import { z } from "../../src/settings.ts";
import { Alphabet } from "../../src/text/index.ts";
import type { Float32Tensor } from "../../src/tensor.ts";
import { indicesIn, symbolAxes, withSharedRows } from "../../src/training/run/shared-symbols.ts";

const settings = z.strictObject({});

/** Hears its own symbols once more, as self-conditioning does, and keeps something of 2 V. */
const listening: NetworkDefinition<typeof settings> = {
  name: "listening-of-a-test",
  settings,
  create: () => ({
    stride: 1,
    lookAhead: 0,
    states: [],
    build: (layers, { frames }, symbols) => {
      const first = dense(layers, frames, symbols, "first", heNormal);
      const pairs = dense(layers, first, 2 * symbols, "pairs", heNormal);
      return { logits: dense(layers, pairs, symbols, "last", heNormal), states: [] };
    },
  }),
};

const tensor = (dims: readonly number[], data: readonly number[]): Float32Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(data),
});

describe("the axes of symbols", () => {
  it("are told by the network, on either side of a matrix; sizes that follow from V in another way are not", () => {
    registerNetwork(listening);
    // as many features as symbols, so that sizes alone would mislead
    const architecture = resolveArchitecture({ name: listening.name }, { features: 4, symbols: 4 }, "test");
    expect(Object.fromEntries(symbolAxes(architecture))).toEqual({
      "first.weight": [1],
      "first.bias": [0],
      "pairs.weight": [],
      "pairs.bias": [],
      "last.weight": [],
      "last.bias": [0],
    });
  });

  it("of one matrix may be both: a number is kept where both its symbols are", () => {
    const [old, alphabet] = [Alphabet.fromSymbols(["a", "b"]), Alphabet.fromSymbols(["b", "c"])];
    const from = indicesIn(old, alphabet);
    expect(from).toEqual([1, undefined, 2]);
    const kept = withSharedRows(
      tensor([3, 3], [-1, -2, -3, -4, -5, -6, -7, -8, -9]),
      tensor([3, 3], [10, 11, 12, 20, 21, 22, 30, 31, 32]),
      [0, 1],
      from,
    );
    expect([...kept.data]).toEqual([21, -2, 22, -4, -5, -6, 31, -8, 32]);
  });

  it("may come first: rows of an input that is symbols", () => {
    const kept = withSharedRows(
      tensor([2, 2], [-1, -2, -3, -4]),
      tensor([3, 2], [1, 2, 3, 4, 5, 6]),
      [0],
      [2, undefined],
    );
    expect([...kept.data]).toEqual([5, 6, -3, -4]);
  });
});
