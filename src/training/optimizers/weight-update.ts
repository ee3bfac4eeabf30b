// An optimizer's step on the arrays of a weight: in WebAssembly, four float32 at a time, or where that is forbidden number by
// number, with the same bits. The arrays pass through a small memory block by block, which stays in the cache: they are read
// and written once, and whoever holds them need not know.

import { type Code, f32x4, FunctionBody, load, loadFourTimes, ZERO } from "../../web-assembly.ts";
import type { Arithmetic, Optimizer, ScalarArithmetic, StepFacts } from "./optimizer.ts";

/** Changes weight and slots in place; reads the gradient times `scale`, which the norm cap sets. */
export type WeightUpdate = (
  weight: Float32Array,
  gradient: Float32Array,
  scale: number,
  slots: readonly Float32Array[],
  facts: StepFacts,
) => void;

/** Coefficients, computed once for a weight, are computed in float64. */
const scalars: ScalarArithmetic<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  sqrt: Math.sqrt,
  power: (base, step, more) => base ** (step + more),
};

/** The update of an optimizer, whose program is made when it first updates. */
export function weightUpdate(optimizer: Optimizer): WeightUpdate {
  let update: WeightUpdate | undefined;
  return (...asked) => (update ??= inBlocks(optimizer) ?? inNumbers(optimizer))(...asked);
}

/** In float32, whose sums, products, quotients and roots are those of float64 rounded. */
const numbers: Arithmetic<number> = {
  constant: Math.fround,
  add: (a, b) => Math.fround(a + b),
  sub: (a, b) => Math.fround(a - b),
  mul: (a, b) => Math.fround(a * b),
  div: (a, b) => Math.fround(a / b),
  sqrt: (x) => Math.fround(Math.sqrt(x)),
};

export const inNumbers =
  (optimizer: Optimizer): WeightUpdate =>
  (weight, gradient, scale, slots, facts) => {
    const [own, ...coefficients] = [scale, ...optimizer.coefficients(scalars, facts)].map(Math.fround);
    for (let i = 0; i < weight.length; i++) {
      const before = { weight: weight[i], slots: slots.map((slot) => slot[i]) };
      const after = optimizer.update(numbers, before, numbers.mul(gradient[i], own), coefficients);
      weight[i] = after.weight;
      slots.forEach((slot, k) => (slot[i] = after.slots[k]));
    }
  };

// ── Vectors ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Numbers of each array that the program updates at once. */
const BLOCK = 2048;
const BLOCK_BYTES = 4 * BLOCK;
/** Bytes of the coefficients, the gradient's scale before them. */
const HEAD = 64;

/** Where an array's block lies: gradient, weight, slots. */
const placeOf = (array: number) => HEAD + array * BLOCK_BYTES;

/** @returns undefined where WebAssembly is forbidden */
function inBlocks(optimizer: Optimizer): WeightUpdate | undefined {
  const program = startProgram(optimizer);
  if (!program) return undefined;
  const { memory, run } = program;
  const head = new Float32Array(memory.buffer, 0, HEAD / 4);
  const blocks = Array.from(
    { length: 2 + optimizer.slots },
    (_, array) => new Float32Array(memory.buffer, placeOf(array), BLOCK),
  );
  return (weight, gradient, scale, slots, facts) => {
    head.set([scale, ...optimizer.coefficients(scalars, facts)]);
    const arrays = [gradient, weight, ...slots];
    for (let start = 0; start < weight.length; start += BLOCK) {
      const end = Math.min(start + BLOCK, weight.length);
      for (const [i, array] of arrays.entries()) blocks[i].set(array.subarray(start, end));
      run();
      for (let i = 1; i < arrays.length; i++) arrays[i].set(blocks[i].subarray(0, end - start), start);
    }
  };
}

function startProgram(optimizer: Optimizer) {
  const body = new FunctionBody();
  const facts = { learningRate: 0, step: 0, decays: false };
  const count = 1 + optimizer.coefficients(scalars, facts).length;
  const head = Array.from({ length: count }, (_, i) => body.keep(loadFourTimes(ZERO, 4 * i)));
  const [scale, ...coefficients] = head;
  const on = vectors(body);
  body.loop(0, BLOCK_BYTES, 16, (address) => {
    const arrays = Array.from({ length: 2 + optimizer.slots }, (_, i) =>
      body.keep(load(address, placeOf(i))),
    );
    const [gradient, weight, ...slots] = arrays;
    const after = optimizer.update(on, { weight, slots }, on.mul(gradient, scale), coefficients);
    [after.weight, ...after.slots].forEach((four, i) => body.store(address, placeOf(i + 1), four));
  });
  return body.tryStart(placeOf(2 + optimizer.slots));
}

/** Each result is kept: it may be used more than once. */
function vectors(body: FunctionBody): Arithmetic<Code> {
  const kept =
    (instruction: (...operands: readonly Code[]) => Code) =>
    (...operands: readonly Code[]) =>
      body.keep(instruction(...operands));
  return {
    constant: f32x4.all,
    add: kept(f32x4.add),
    sub: kept(f32x4.subtract),
    mul: kept(f32x4.multiply),
    div: kept(f32x4.divide),
    sqrt: kept(f32x4.sqrt),
  };
}
