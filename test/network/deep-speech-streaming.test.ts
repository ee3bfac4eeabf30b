// The network for live speech: how far it looks ahead, and that no frame beyond matters. That its streams give what whole
// recordings give is tested with every network.

import { describe, expect, it } from "vitest";
import {
  algorithmicDelayMs,
  initializeWeights,
  networkContract,
  resolveArchitecture,
  type Architecture,
} from "../../src/network/index.ts";
import { difference, utterance, vividWeights, whole } from "./run-network.ts";

const F = 5;
const streaming = (settings: Record<string, unknown> = {}): Architecture =>
  resolveArchitecture(
    { name: "deep-speech-streaming", width: 6, ...settings },
    { features: F, symbols: 7 },
    "test",
  );

describe("the network for live speech", () => {
  it("is at most 320 ms behind the sound by its own settings, at hops of 10 ms", () => {
    expect(algorithmicDelayMs(networkContract(streaming()), 10)).toBe(300);
    const shorter = streaming({ stride: 3, lookAhead: 2, rowSteps: 4 });
    expect(algorithmicDelayMs(networkContract(shorter), 10)).toBe((3 + 2 + 4 * 3) * 10);
    const paper = resolveArchitecture({ width: 6 }, { features: F, symbols: 7 }, "test");
    expect(algorithmicDelayMs(networkContract(paper), 10)).toBeUndefined();
  });

  it("hands on the states of each layer, the LSTM's memory among them", () => {
    const { states } = networkContract(streaming({ cell: "lstm", recurrentLayers: 2, context: 3 }));
    expect(states.map(({ name }) => name)).toEqual(["h4", "h4.memory", "h4-2", "h4-2.memory", "frames"]);
  });

  it("sees the last frame that it says it looks ahead to, and none beyond", async () => {
    const architecture = streaming({ stride: 2, lookAhead: 3, rowSteps: 2, recurrentLayers: 2 });
    const { lookAhead } = networkContract(architecture);
    expect(lookAhead).toBe(7);
    const weights = vividWeights(architecture);
    const frames = utterance(30, F, 1);
    const changedAt = (t: number) => frames.map((row, i) => (i === t ? row.map((x) => x + 3) : row));
    const step = 4; // its own frame is 8
    const logitsOf = async (t: number) => (await whole(architecture, weights, [changedAt(t)]))[0][step];
    const [plain] = await whole(architecture, weights, [frames]);
    expect(difference([plain[step]], [await logitsOf(8 + 7)])).toBeGreaterThan(1e-4);
    expect(difference([plain[step]], [await logitsOf(8 + 8)])).toBe(0);
  });

  it("begins with a row convolution that gives each step as it is", () => {
    const rows = initializeWeights(streaming({ width: 2, rowSteps: 2 }), 1).get("row.weight")!;
    expect([rows.dims, ...rows.data]).toEqual([[3, 2], 1, 1, 0, 0, 0, 0]);
  });
});
