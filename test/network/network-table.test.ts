// The table of networks is open: a network of a program's own is known to settings, weights, programs and training.

import { describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import { mul, type Tensor } from "../../src/graph/index.ts";
import { deepSpeechForward } from "../../src/network/deep-speech-forward.ts";
import { heNormal } from "../../src/network/initializers.ts";
import {
  activityProgram,
  inferenceProgram,
  initializeWeights,
  outputSteps,
  parameterShapes,
  registerNetwork,
  resolveArchitecture,
  trainingGraph,
  type NetworkDefinition,
  type NetworkResults,
  type StateShape,
} from "../../src/network/index.ts";
import { dense } from "../../src/network/layers.ts";
import { NetworkTable } from "../../src/network/network-table.ts";
import { listSettings, parseSettings, z } from "../../src/settings.ts";
import { trainingSettings } from "../../src/training/index.ts";
import { logitsOf, utterance } from "./run-network.ts";

const linearSettings = z.strictObject({
  scale: z.number().default(1).describe("Nothing in particular."),
});

/** One matrix for each frame. */
const linear: NetworkDefinition<typeof linearSettings> = {
  name: "linear-of-a-test",
  settings: linearSettings,
  create: () => ({
    stride: 1,
    lookAhead: 0,
    states: [],
    build: (layers, { frames }, symbols) => ({
      logits: dense(layers, frames, symbols, "out", heNormal),
      states: [],
    }),
  }),
};

const sizes = { features: 3, symbols: 4 };

describe("a registered network", () => {
  it("is known after it was registered, and to settings that were used before", async () => {
    expect(() => resolveArchitecture({ name: linear.name }, sizes, "test")).toThrow("Expected");
    expect(() => parseSettings(trainingSettings, { network: { name: linear.name } }, "x")).toThrow(
      "Expected",
    );
    registerNetwork(linear);
    const architecture = resolveArchitecture({ name: linear.name }, sizes, "test");
    expect(architecture.network).toEqual({ name: linear.name, scale: 1 });
    expect(outputSteps(architecture, 7)).toBe(7);
    expect(trainingGraph(architecture).variables.map(({ name }) => name)).toEqual(["out.weight", "out.bias"]);
    const weights = initializeWeights(architecture, 1);
    const program = await (await openEngine()).load(inferenceProgram(architecture, weights), { threads: 1 });
    const [logits] = await logitsOf(program, architecture, [utterance(7, 3, 1)]);
    expect(logits.map(({ length }) => length)).toEqual(Array(7).fill(4));
    await program.close();
    const { network } = parseSettings(trainingSettings, { network: { name: linear.name, scale: 2 } }, "x");
    expect(network).toEqual({ name: linear.name, scale: 2 });
    const described = listSettings(trainingSettings).filter(({ choice }) => choice === linear.name);
    expect(described.map(({ path }) => path)).toEqual(["network.scale"]);
  });

  it("can be inspected while it trains, though it records no activity of its layers", async () => {
    registerNetwork(linear);
    const architecture = resolveArchitecture({ name: linear.name }, sizes, "test");
    const { program: bytes, layers } = activityProgram(architecture);
    const program = await (await openEngine()).load(bytes, { threads: 1 });
    expect(layers).toEqual([]);
    expect(program.inputs).toEqual(["frames", "mask", "out.weight", "out.bias"]);
    await program.close();
  });

  it("has its settings checked, with help", () => {
    registerNetwork(linear); // the same one again is no clash
    expect(() => resolveArchitecture({ name: linear.name, scael: 2 }, sizes, "f.yaml")).toThrow(
      'f.yaml: scael: There is no setting named "scael". Did you mean "scale"?',
    );
    expect(() => resolveArchitecture({ name: "linear-of-a-tset" }, sizes, "f.yaml")).toThrow(
      'Did you mean "linear-of-a-test"?',
    );
  });

  it("is found by whoever names its cell, its block, or a setting that several have", () => {
    const told = (network: unknown) => () => parseSettings(trainingSettings, { network }, "--set");
    expect(told({ name: "lstm" })).toThrow(/"lstm" is a value of network\.cell of "deep-speech", /);
    expect(told({ name: "conformer" })).toThrow('"conformer" is a value of network.block of "transformer".');
    expect(told("transformer")).toThrow('Did you mean network.name "transformer"?');
    expect(told({ name: "deep-speech", lookAhead: 3 })).toThrow(
      'It belongs to "deep-speech-forward", "deep-speech-streaming", and "transformer": set network.name to one of these too.',
    );
  });

  it("may not take the name of another", () => {
    expect(() => registerNetwork({ ...linear, name: "deep-speech" })).toThrow(
      expect.objectContaining({ code: "NETWORK_EXISTS", where: "deep-speech" }),
    );
  });
});

describe("a registered network whose results are not those of its contract", () => {
  const kept = { name: "kept", shape: ["B", 3] };
  type Results = (states: readonly Tensor[], out: (units: number) => Tensor) => Partial<NetworkResults>;
  const parametersOf = (name: string, states: readonly unknown[], results: Results) => {
    registerNetwork({
      ...linear,
      name,
      create: (settings, sizes) => ({
        ...linear.create(settings, sizes),
        states: states as readonly StateShape[],
        build: (layers, { frames, states: before }, symbols) => {
          const out = (units: number) => dense(layers, frames, units, `out${units}`, heNormal);
          return { logits: out(symbols), states: before, ...results(before, out) };
        },
      }),
    });
    return parameterShapes(resolveArchitecture({ name }, sizes, "test"));
  };

  it.each<[string, readonly unknown[], Results, string]>([
    ["logits", [], (_, out) => ({ logits: out(5) }), "The logits are [T, B, 5] instead of [T', B, 4]."],
    ["few", [kept], () => ({ states: [] }), "It gives 0 states, where its contract has 1."],
    [
      "rank",
      [kept],
      (_, out) => ({ states: [out(3)] }),
      'The state "kept" leaves as [T, B, 3] instead of [B, 3].',
    ],
    ["alone", [{ ...kept, shape: [3] }], () => ({}), 'The state "kept" is [3], where one axis must be "B".'],
  ])("is refused when its weights are listed: %s", (name, states, results, problem) => {
    expect(() => parametersOf(`${name}-of-a-test`, states, results)).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH", where: `network ${name}-of-a-test`, problem }),
    );
  });

  it("and is taken where they are: a state may leave as it came", () => {
    expect([...parametersOf("same-of-a-test", [kept], () => ({})).keys()]).toEqual([
      "out4.weight",
      "out4.bias",
    ]);
  });
});

describe("a mistake in a network of a program's own", () => {
  type Made = ReturnType<typeof linear.create>;
  const failureOf = (name: string, changes: object) => {
    try {
      registerNetwork({
        ...linear,
        name,
        create: (...given) => ({ ...linear.create(...given), ...changes }) as Made,
      });
      initializeWeights(resolveArchitecture({ name }, sizes, "test"), 1);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const build = (build: (...given: Parameters<Made["build"]>) => unknown) => ({ build });

  it.each<[string, object, string]>([
    ["stride-0", { stride: 0 }, "Its stride is 0, where it must be an integer of at least 1."],
    ["ahead", { lookAhead: -1 }, "Its lookAhead is -1, where it must be"],
    ["stateless", { states: undefined }, "It has no states: [] where there are none."],
    [
      "twice",
      build((layers, { frames }, symbols) => ({
        logits: dense(layers, dense(layers, frames, 3, "h", heNormal), symbols, "h", heNormal),
        states: [],
      })),
      'Two of its weights have the name "h.weight".',
    ],
    [
      "short",
      build((layers, { frames }, symbols) => ({
        logits: dense(layers, frames, symbols, "h", () => new Float32Array(3)),
        states: [],
      })),
      'The initializer of "h.weight" gives 3 values, where [3, 4] has 12.',
    ],
    [
      "no-states",
      build((layers, { frames }, symbols) => ({ logits: dense(layers, frames, symbols, "h", heNormal) })),
      "Its build gives no states: [] where there are none.",
    ],
    ["nothing", build(() => undefined), "Its build gives no logits."],
  ])("is told with its name: %s", (name, changes, problem) => {
    expect(failureOf(`${name}-mistake`, changes)).toMatchObject({
      code: "INVALID_NETWORK",
      where: `network ${name}-mistake`,
      problem: expect.stringContaining(problem) as string,
    });
  });

  it.each<[string, object, string, string]>([
    [
      "stride",
      { stride: 2 },
      "",
      "The logits have T steps, where a stride of 2 and a look-ahead of 0 make ceil(T/2).",
    ],
    [
      "product",
      {
        stride: 2,
        ...build((layers, { frames, mask }, symbols) => ({
          logits: mul(dense(layers, frames, symbols, "h", heNormal), mask),
          states: [],
        })),
      },
      ": Mul",
      "Cannot broadcast",
    ],
  ])("in its steps, too: %s", (name, changes, operator, problem) => {
    expect(failureOf(`${name}-mistake`, changes)).toMatchObject({
      code: "SHAPE_MISMATCH",
      where: `network ${name}-mistake${operator}`,
      problem: expect.stringContaining(problem) as string,
    });
  });

  it("is told when it is registered, where a part is missing", () => {
    for (const part of ["settings", "create"])
      expect(() => registerNetwork({ ...linear, name: `no-${part}`, [part]: undefined })).toThrow(
        expect.objectContaining({ code: "INVALID_NETWORK", where: `network no-${part}` }),
      );
  });
});

describe("a table of networks", () => {
  const table = new NetworkTable([linear, deepSpeechForward]);

  it("takes the first where no name is given", () => {
    expect(parseSettings(table.settings, {}, "x")).toEqual({ name: linear.name, scale: 1 });
  });
  it("knows those that follow streams by what they say of themselves", () => {
    const whole: NetworkDefinition<typeof linear.settings> = {
      ...linear,
      name: "whole-of-a-test",
      create: (...given) => ({ ...linear.create(...given), lookAhead: "utterance" }),
    };
    const names = new NetworkTable([whole, deepSpeechForward]).forStreams({ features: 3 });
    expect(names).toEqual(["deep-speech-forward"]);
  });
  it("names the nearest to a name that it does not have", () => {
    const fault = (name: string) => () => table.create({ name }, { features: 3 });
    expect(fault("deep-speech-foward")).toThrow(
      'deep-speech-foward: There is no network named "deep-speech-foward". Did you mean "deep-speech-forward"?',
    );
    expect(fault("resnet")).toThrow(
      "Networks: linear-of-a-test, deep-speech-forward. One of your own must be registered first, by the program that opens it, with registerNetwork; elsewhere use the model that exportOnnx makes of it.",
    );
    expect(fault("resnet")).toThrow(expect.objectContaining({ code: "UNKNOWN_NETWORK" }));
  });
});
