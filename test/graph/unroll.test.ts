// The recurrence has two lowerings, the loop and its steps written out: both give the same numbers, forward and in
// gradients, and blocks of steps with states in and out are one long loop.

import { describe, expect, it } from "vitest";
import {
  add,
  compositions,
  differentiate,
  Graph,
  lstm,
  matMul,
  mul,
  operators,
  reduceSum,
  scan,
  slice,
  tanh,
  unrollScans,
  writeOnnx,
  type Direction,
  type Sizes,
  type Tensor,
} from "../../src/graph/index.ts";
import { evaluate, type Numbers } from "./evaluate.ts";
import { expectNear, wave } from "./pytorch.ts";

const namesIn = (graph: Graph) => graph.nodes.map(({ operator }) => operator.name);
const hasLoop = (graph: Graph) => namesIn(graph).includes("Scan");

type Feeds = Record<string, Numbers>;

/** The results of both lowerings, which must be the same to the last bit. */
async function evaluateBoth(graph: Graph, feeds: Feeds, sizes: Sizes = {}): Promise<Feeds> {
  const unrolled = unrollScans(graph, sizes);
  expect(namesIn(unrolled)).not.toContain("Scan");
  const [loops, steps] = [await evaluate(graph, feeds), await evaluate(unrolled, feeds)];
  expect(steps).toEqual(loops);
  return steps;
}

/** The forward program of `build` and its backward program, in both lowerings. */
async function checkBoth(
  shapes: readonly (readonly number[])[],
  build: (...operands: Tensor[]) => Tensor,
): Promise<void> {
  const graph = new Graph();
  const operands = shapes.map((shape, i) => graph.input(`x${i}`, "float64", shape));
  const result = graph.output(build(...operands));
  const backward = differentiate(result, operands);
  const feeds = Object.fromEntries(operands.map(({ name }, i) => [name, wave(shapes[i], i)]));
  const results = await evaluateBoth(graph, feeds);
  const upstream = { [backward.upstream.name]: wave(result.shape as number[], 9) };
  await evaluateBoth(backward.graph, { ...feeds, ...results, ...upstream });
}

describe("a loop written out", () => {
  const definitions = [...operators, ...compositions];
  const examples = definitions.flatMap(({ name, examples }) =>
    examples.map((example) => ({ name, title: "", ...example })),
  );
  const loops = examples.filter(({ shapes, build }) => {
    const graph = new Graph();
    build(...shapes.map((shape, i) => graph.input(`x${i}`, "float32", shape)));
    return hasLoop(graph);
  });
  it("is tried on a plain recurrence, a GRU and an LSTM, in both directions", () => {
    const titles = loops.map(({ name, title }) => `${name} ${title}`);
    expect(titles).toEqual([
      "Scan forward",
      "Scan backward",
      "gru forward",
      "gru backward",
      "lstm forward",
      "lstm backward",
    ]);
  });
  it.each(loops)("gives what $name $title gives, and the same gradients", ({ shapes, build }) =>
    checkBoth(shapes, build),
  );

  it("may be inside the step of another, and use what lives outside of both", () =>
    checkBoth([[3], [2, 4, 3], [3]], (h, x, w) => {
      const step = ([state]: readonly Tensor[], [rows]: readonly Tensor[]) => {
        const inner = scan({
          states: [state],
          sequences: [rows],
          direction: "backward",
          step: ([s], [row]) => ({ states: [tanh(add(mul(s, row), mul(state, w)))], outputs: [row] }),
        });
        return { states: inner.states, outputs: inner.outputs };
      };
      const { states, outputs } = scan({ states: [h], sequences: [x], direction: "forward", step });
      return add(reduceSum(outputs[0], [0, 1]), mul(states[0], w));
    }));

  it("has numbers for the names that got one; other dimensions stay symbolic", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float64", ["T", "B", 3]);
    const h = graph.input("h", "float64", ["B", 3]);
    const halved = slice(x, 0, { step: 2 });
    const { outputs } = scan({
      states: [h],
      sequences: [halved],
      direction: "forward",
      step: ([state], [row]) => ({ states: [tanh(add(state, row))], outputs: [state] }),
    });
    const name = graph.output(outputs[0]).name;
    const unrolled = unrollScans(graph, { T: 5 });
    expect(unrolled.inputs.map(({ shape }) => shape)).toEqual([[5, "B", 3], ["B", 3]]); // prettier-ignore
    expect(unrolled.outputs.map(({ name, shape }) => ({ name, shape }))).toEqual([
      { name, shape: [3, "B", 3] },
    ]);
    for (const B of [1, 4])
      await evaluateBoth(graph, { x: wave([5, B, 3], 1), h: wave([B, 3], 2) }, { T: 5 });
  });

  it("leaves the graph as it was", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", [3, 2]);
    graph.output(scan({ states: [], sequences: [x], direction: "forward", step: (_, [row]) => ({ states: [], outputs: [tanh(row)] }) }).outputs[0]); // prettier-ignore
    const before = writeOnnx(graph);
    unrollScans(graph);
    expect(writeOnnx(graph)).toEqual(before);
  });

  it("computes once for all steps what does not depend on the state", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", [40, 2]);
    const h = graph.input("h", "float32", [2]);
    const step = ([state]: readonly Tensor[], [row]: readonly Tensor[]) => {
      const next = add(state, mul(tanh(row), 2));
      return { states: [next], outputs: [next] };
    };
    graph.output(scan({ states: [h], sequences: [x], direction: "forward", step }).outputs[0]);
    const counts = (name: string) => namesIn(unrollScans(graph)).filter((other) => other === name).length;
    expect([counts("Tanh"), counts("Mul"), counts("Add")]).toEqual([1, 1, 40]);
    expect(counts("Split")).toBe(1 + 6); // parts of 7 rows
  });

  it("of unknown or no length is a named error", () => {
    const over = (length: number | string) => {
      const graph = new Graph();
      const x = graph.input("x", "float32", [length, 2]);
      graph.output(scan({ states: [], sequences: [x], direction: "forward", step: (_, [row]) => ({ states: [], outputs: [tanh(row)] }) }).outputs[0]); // prettier-ignore
      return () => unrollScans(graph, { B: 3, none: 0 });
    };
    expect(over("ceil(frames/2)")).toThrow(expect.objectContaining({ code: "UNKNOWN_LENGTH" }));
    expect(over("ceil(frames/2)")).toThrow(
      "unrollScans: A loop over ceil(frames/2) steps cannot be unrolled. " +
        "Give the size of a block for the name in it: unrollScans(graph, { frames: 64 }).",
    );
    expect(over("none")).toThrow("A loop over 0 steps cannot be unrolled.");
    expect(over(2.5)).toThrow("A loop over 2.5 steps cannot be unrolled.");
  });
});

const [B, H, K] = [2, 3, 4]; // utterances, width, steps in a block

interface Recurrence {
  /** Of how many parts of width H the input of a step is. */
  readonly parts: number;
  readonly states: number;
  readonly run: (direction: Direction, x: Tensor, states: readonly Tensor[], w: Tensor) => readonly Tensor[];
}

/** Each gives the outputs, then the last states. */
const recurrences: Record<string, Recurrence> = {
  "a plain recurrence": {
    parts: 1,
    states: 1,
    run: (direction, x, states, w) => {
      const step = ([state]: readonly Tensor[], [row]: readonly Tensor[]) => {
        const next = tanh(add(row, matMul(state, w)));
        return { states: [next], outputs: [next] };
      };
      const result = scan({ states, sequences: [x], direction, step });
      return [result.outputs[0], result.states[0]];
    },
  },
  "an LSTM": {
    parts: 4,
    states: 2,
    run: (direction, x, [hidden, cell], w) => {
      const result = lstm(x, w, { hidden, cell }, direction);
      return [result.outputs, result.hidden, result.cell];
    },
  },
};

/** A recurrence over T steps, forward and backward, with states and their gradients in and out. */
class Programs {
  readonly forward = new Graph();
  readonly backward: Graph;
  readonly results: readonly string[];
  /** The outputs of the backward program: of x, w and the first states. */
  readonly gradients: readonly string[];
  readonly #one: Feeds;

  constructor({ parts, states, run }: Recurrence, direction: Direction) {
    const input = (name: string, ...shape: (number | string)[]) => this.forward.input(name, "float64", shape);
    const [x, w] = [input("x", "T", "B", parts * H), input("w", H, parts * H)];
    const first = Array.from({ length: states }, (_, i) => input(`state ${i}`, "B", H));
    const results = run(direction, x, first, w).map((result) => this.forward.output(result));
    const terms = results.map((result, i) => {
      const slope = input(`slope ${i}`, ...result.shape); // of the loss, at this result
      return reduceSum(mul(result, slope), result.shape.map((_, axis) => axis)); // prettier-ignore
    });
    const loss = terms.reduce((sum, term) => add(sum, term));
    const { graph, gradients, upstream } = differentiate(loss, [x, w, ...first]);
    this.backward = graph;
    this.results = results.map(({ name }) => name);
    this.gradients = gradients.map(({ name }) => name);
    this.#one = { [upstream.name]: { dims: [], values: [1] } };
  }

  /** What the backward pass needs of the forward pass, and its results in order. */
  async runForward(feeds: Feeds, sizes?: Sizes) {
    const values = await evaluate(sizes ? unrollScans(this.forward, sizes) : this.forward, feeds);
    return { saved: { ...feeds, ...values }, results: this.results.map((name) => values[name]) };
  }

  /** The gradients in order. */
  async runBackward(saved: Feeds, sizes?: Sizes): Promise<Numbers[]> {
    const program = sizes ? unrollScans(this.backward, sizes) : this.backward;
    const values = await evaluate(program, { ...saved, ...this.#one });
    return this.gradients.map((name) => values[name]);
  }
}

const numbered = (name: string, values: readonly Numbers[]): Feeds =>
  Object.fromEntries(values.map((value, i) => [`${name} ${i}`, value]));

function blockOf({ dims: [, ...dims], values }: Numbers, block: number): Numbers {
  const size = values.length / 3;
  return { dims: [K, ...dims], values: values.slice(block * size, (block + 1) * size) };
}

const joined = (blocks: readonly Numbers[]): number[] => blocks.flatMap(({ values }) => values);

const total = (parts: readonly Numbers[]): number[] =>
  parts[0].values.map((_, i) => parts.reduce((sum, { values }) => sum + values[i], 0));

describe.each(Object.entries(recurrences))("%s in three blocks of steps written out", (_, recurrence) => {
  const [x, w] = [wave([3 * K, B, recurrence.parts * H], 1), wave([H, recurrence.parts * H], 2)];
  const slope = wave([3 * K, B, H], 3);
  const first = Array.from({ length: recurrence.states }, (_, i) => wave([B, H], i));
  const none = first.map(({ dims, values }) => ({ dims, values: values.map(() => 0) }));

  it.each(["forward", "backward"] as const)(
    "and running %s is one long loop, gradients too",
    async (direction) => {
      const programs = new Programs(recurrence, direction);
      const feeds = { x, w, ...numbered("state", first), ...numbered("slope", [slope, ...none]) };
      const whole = await programs.runForward(feeds);
      const [ofX, ofW, ...ofStates] = await programs.runBackward(whole.saved);

      const order = direction === "forward" ? [0, 1, 2] : [2, 1, 0];
      const [outputs, saved, gradients]: [Numbers[], Feeds[], Numbers[][]] = [[], [], []];
      let states: readonly Numbers[] = first;
      for (const block of order) {
        const slopes = numbered("slope", [blockOf(slope, block), ...none]); // those of the states come later
        const feeds = { x: blockOf(x, block), w, ...numbered("state", states), ...slopes };
        const result = await programs.runForward(feeds, { T: K });
        saved[block] = result.saved;
        [outputs[block], ...states] = result.results;
      }
      let stateSlopes: readonly Numbers[] = none;
      for (const block of order.toReversed()) {
        const slopes = numbered("slope", [blockOf(slope, block), ...stateSlopes]);
        gradients[block] = await programs.runBackward({ ...saved[block], ...slopes }, { T: K });
        stateSlopes = gradients[block].slice(2);
      }
      expect([joined(outputs), ...states.map(({ values }) => values)]).toEqual(
        whole.results.map(({ values }) => values),
      );
      expectNear(ofX, joined(gradients.map(([x]) => x)), 12);
      expectNear(ofW, total(gradients.map(([, w]) => w)), 12);
      ofStates.forEach((state, i) => expectNear(state, stateSlopes[i].values, 12));
    },
  );
});
