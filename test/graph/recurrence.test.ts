// The loop: equal to one unrolled in plain TypeScript, forward and backward; what does not change is computed outside;
// the gradient of a weight is one product over all time.

import { describe, expect, it } from "vitest";
import {
  add,
  clip,
  differentiate,
  equal,
  expandLike,
  Graph,
  matMul,
  mul,
  reduceSum,
  reshape,
  scan,
  tanh,
  where,
  zerosLike,
  type Direction,
  type GradientExample,
  type Tensor,
} from "../../src/graph/index.ts";
import { RandomStream } from "../../src/random.ts";
import { evaluate, type Numbers } from "./evaluate.ts";
import { gradientError } from "./gradient-check.ts";

const bodyOf = (graph: Graph) => {
  const [node] = scansOf(graph);
  return node.attributes.body as Graph;
};
const scansOf = (graph: Graph) => graph.nodes.filter(({ operator }) => operator.name === "Scan");
const namesIn = (graph: Graph) => graph.nodes.map(({ operator }) => operator.name);

const productShapes = (graph: Graph) =>
  graph.nodes.flatMap(({ operator, outputs }) => (operator.name === "MatMul" ? [outputs[0].shape] : []));

/** h_t = clip(x_t + h_{t∓1} W, 0, 2) from h0. */
function recurrence(type: "float32" | "float64", direction: Direction, H = 3) {
  const graph = new Graph();
  const x = graph.input("x", type, ["T", "B", H]);
  const h0 = graph.input("h0", type, ["B", H]);
  const w = graph.input("w", type, [H, H]);
  const { states, outputs } = scan({
    states: [h0],
    sequences: [x],
    direction,
    step: ([state], [slice]) => {
      const next = clip(add(slice, matMul(state, w)), 0, 2);
      return { states: [next], outputs: [next] };
    },
  });
  return { graph, x, h0, w, last: states[0], outputs: outputs[0] };
}

function random(dims: readonly number[], seed: number): Numbers {
  const stream = new RandomStream(seed, "recurrence");
  return { dims, values: Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => stream.normal()) };
}

interface Point {
  readonly x: Numbers;
  readonly h0: Numbers;
  readonly w: Numbers;
}

const zeros = (length: number): number[] => Array.from({ length }, () => 0);

/** The recurrence and its backpropagation through time, unrolled by hand (Werbos 1990), for gradient `g` of outputs. */
function unrolled({ x, h0, w }: Point, g: Numbers, direction: Direction) {
  const [T, B, H] = x.dims;
  const order = Array.from({ length: T }, (_, i) => (direction === "forward" ? i : T - 1 - i));
  const h = new Map<number, number[]>(); // by place in `order`, −1 for the start
  h.set(-1, [...h0.values]);
  const sums: number[][] = [];
  for (const [i, t] of order.entries()) {
    const z = Array.from({ length: B * H }, (_, n) => {
      const [b, k] = [Math.floor(n / H), n % H];
      let sum = x.values[t * B * H + n];
      for (let j = 0; j < H; j++) sum += h.get(i - 1)![b * H + j] * w.values[j * H + k];
      return sum;
    });
    sums[i] = z;
    h.set(i, z.map((value) => Math.min(Math.max(value, 0), 2))); // prettier-ignore
  }
  const [dx, dw] = [zeros(T * B * H), zeros(H * H)];
  let carry = zeros(B * H);
  for (const [i, t] of [...order.entries()].toReversed()) {
    const dz = carry.map((c, n) => (sums[i][n] > 0 && sums[i][n] < 2 ? c + g.values[t * B * H + n] : 0));
    carry = carry.map((_, n) => {
      const [b, j] = [Math.floor(n / H), n % H];
      let sum = 0;
      for (let k = 0; k < H; k++) sum += dz[b * H + k] * w.values[j * H + k];
      return sum;
    });
    for (const [n, value] of dz.entries()) {
      const [b, k] = [Math.floor(n / H), n % H];
      dx[t * B * H + n] = value;
      for (let j = 0; j < H; j++) dw[j * H + k] += h.get(i - 1)![b * H + j] * value;
    }
  }
  const outputs = zeros(T * B * H);
  for (const [i, t] of order.entries()) h.get(i)!.forEach((value, n) => (outputs[t * B * H + n] = value));
  return { outputs, last: h.get(T - 1)!, gradients: [dx, carry, dw] };
}

function expectNear(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 10);
}

describe("a recurrence", () => {
  for (const direction of ["forward", "backward"] as const) {
    it(`that runs ${direction} equals a loop unrolled in plain TypeScript, and so does its gradient`, async () => {
      const { graph, x, h0, w, last, outputs } = recurrence("float64", direction);
      graph.output(outputs);
      graph.output(last);
      const backward = differentiate(outputs, [x, h0, w]);
      for (const [T, B] of [
        [1, 1],
        [5, 2],
        [2, 4],
      ]) {
        // prettier-ignore
        const point = { x: random([T, B, 3], 1), h0: random([B, 3], 2), w: random([3, 3], 3) };
        const g = random([T, B, 3], 4);
        const expected = unrolled(point, g, direction);
        const results = await evaluate(graph, { ...point });
        expectNear(results[outputs.name].values, expected.outputs);
        expectNear(results[last.name].values, expected.last);
        const known = { ...point, ...results, [backward.upstream.name]: g };
        const feeds = backward.graph.inputs.map(({ name }) => [name, known[name as keyof typeof known]]);
        const gradients = await evaluate(backward.graph, Object.fromEntries(feeds));
        for (const [i, { name }] of backward.gradients.entries()) {
          expectNear(gradients[name].values, expected.gradients[i]);
        }
      }
    });
  }
});

describe("the program of a loop", () => {
  it("computes outside the step what the step does not change", () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", "B", 3]);
    const w = graph.input("w", "float32", [3, 3]);
    scan({
      states: [zerosLike(x, 1, 3)],
      sequences: [x],
      direction: "forward",
      step: ([state], [slice]) => {
        const scaled = tanh(mul(reshape(matMul(w, w), [3, 3]), 0.5)); // on outer tensors alone
        const next = add(slice, matMul(state, scaled));
        return { states: [next], outputs: [next] };
      },
    });
    expect(namesIn(bodyOf(graph))).toEqual(["MatMul", "Add", "Identity"]);
    expect(namesIn(graph)).toEqual(["Shape", "ConstantOfShape", "MatMul", "Reshape", "Mul", "Tanh", "Scan"]);
    expect(bodyOf(graph).initializers).toEqual([]);
  });

  it("takes the gradient of a weight in one product over all time, outside the reverse loop", () => {
    const H = 7; // unlike B and T, which stay symbolic
    const { x, h0, w, outputs } = recurrence("float32", "forward", H);
    const { graph } = differentiate(outputs, [x, h0, w]);
    expect(scansOf(graph)).toHaveLength(1);
    expect(productShapes(bodyOf(graph))).toEqual([["B", H]]); // only dh = dz Wᵀ
    expect(productShapes(graph)).toEqual([[H, H]]);
    const product = graph.nodes.find(({ operator }) => operator.name === "MatMul")!;
    expect(product.inputs.map(({ shape }) => shape)).toEqual([[H, "B*T"], ["B*T", H]]); // prettier-ignore
  });

  it("keeps each gradient of a step once, however many use it", () => {
    const { x, h0, w, outputs } = recurrence("float32", "forward");
    const { graph } = differentiate(outputs, [x, h0, w]);
    const body = bodyOf(graph);
    expect(scansOf(graph)[0].outputs).toHaveLength(2); // dh0 and dz, which is the gradient of x and of W's use
    expect(body.outputs).toHaveLength(2);
  });

  it("saves of the forward pass only what the backward pass needs", () => {
    const { graph, x, h0, w, outputs } = recurrence("float32", "forward");
    const { saved } = differentiate(outputs, [x, h0, w]);
    expect(saved.length).toBeLessThanOrEqual(3); // h before each step, z and h for the clip's slope
    expect(new Set(saved).size).toBe(saved.length);
    for (const tensor of saved) expect(graph.outputs).toContain(tensor);
  });
});

/** The outputs of a loop that yields its one state. */
const loop = (
  [states, sequences]: [readonly Tensor[], readonly Tensor[]],
  step: (state: Tensor, slices: readonly Tensor[]) => Tensor,
) =>
  scan({
    states,
    sequences,
    direction: "forward",
    step: ([state], slices) => {
      const next = step(state, slices);
      return { states: [next], outputs: [next] };
    },
  }).outputs[0];

describe("the gradient of a loop", () => {
  const [h, x, w] = [[2, 3], [4, 2, 3], [3, 3]]; // prettier-ignore
  const cases: Record<string, GradientExample> = {
    "with a mask among its sequences": {
      shapes: [h, x, [4, 2, 3]],
      build: (h0, x, y) =>
        add(
          loop([[h0], [x, equal(x, y)]], (state, [slice, same]) => where(same, state, add(slice, state))),
          y,
        ),
    },
    "with a sequence that its step ignores": {
      shapes: [h, x, x],
      build: (h0, x, y) =>
        add(
          loop([[h0], [x, y]], (state, [slice]) => tanh(add(state, slice))),
          y,
        ),
    },
    "with a state that its step ignores": {
      shapes: [h, x],
      build: (h0, x) =>
        add(
          loop([[h0], [x]], (_, [slice]) => tanh(slice)),
          h0,
        ),
    },
    "in which a weight is used twice": {
      shapes: [h, x, w],
      build: (h0, x, w) =>
        loop([[h0], [x]], (state, [slice]) => tanh(add(matMul(state, w), matMul(mul(slice, state), w)))),
    },
    "in which one computation outside uses the weight": {
      shapes: [h, x, w],
      build: (h0, x, w) => loop([[h0], [x]], (state, [slice]) => tanh(add(slice, matMul(state, tanh(w))))),
    },
    "with weights that meet a smaller slice": {
      shapes: [h, [4, 3], [2, 3], [2, 3], [3]],
      build: (h0, x, a, b, c) =>
        loop([[h0], [x]], (state, [slice]) =>
          add(mul(slice, a), mul(tanh(state), add(where(equal(slice, slice), b, 0), mul(slice, c)))),
        ),
    },
    "with as many steps as the batch has rows": {
      shapes: [h, [2, 3], [2, 3]],
      build: (h0, x, a) => loop([[h0], [x]], (state, [slice]) => tanh(add(mul(slice, a), state))),
    },
    "with an outer tensor repeated in the step": {
      shapes: [h, x, [1, 3]],
      build: (h0, x, a) =>
        loop([[h0], [x]], (state, [slice]) => mul(tanh(add(slice, state)), expandLike(a, slice))),
    },
    "with a weight on the left of a product": {
      shapes: [h, x, [2, 2]],
      build: (h0, x, a) => loop([[h0], [x]], (state, [slice]) => tanh(add(slice, matMul(a, state)))),
    },
    "that yields its state, its slice and an outer tensor as they are": {
      shapes: [h, x, h],
      build: (h0, x, a) => {
        const { outputs } = scan({
          states: [h0],
          sequences: [x],
          direction: "backward",
          step: ([state], [slice]) => ({ states: [tanh(slice)], outputs: [state, slice, a, a] }),
        });
        return outputs.reduce((sum, output, i) => add(sum, mul(output, i + 1)));
      },
    },
    "with two states that change places": {
      shapes: [h, h, x],
      build: (a, b, x) => {
        const { states } = scan({
          states: [a, b],
          sequences: [x],
          direction: "forward",
          step: ([a, b], [slice]) => ({ states: [mul(b, slice), tanh(a)], outputs: [] }),
        });
        return add(states[0], mul(states[1], 2));
      },
    },
    "after another loop": {
      shapes: [h, x, w],
      build: (h0, x, w) => {
        const cell = (state: Tensor, [slice]: readonly Tensor[]) => tanh(add(slice, matMul(state, w)));
        return loop([[h0], [loop([[h0], [x]], cell)]], cell);
      },
    },
    "inside the step of another": {
      shapes: [[3], [2, 4, 3]],
      build: (h0, x) =>
        loop([[h0], [x]], (state, [rows]) => {
          const inner = loop([[state], [rows]], (s, [row]) => tanh(add(mul(s, row), state)));
          return add(reduceSum(inner, [0]), mul(state, 0.5));
        }),
    },
  };
  it.each(Object.entries(cases))("%s agrees with central differences", async (_, example) => {
    expect(await gradientError(example, "float64", 7)).toBeLessThan(1e-6);
  });
});
