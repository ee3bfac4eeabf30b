// The numerical gradient check: central differences of Σ result·upstream, against the backward program.

import { differentiate, Graph, writeOnnx, type GradientExample, type Tensor } from "../../src/graph/index.ts";
import { openEngine, type TensorData } from "../../src/engine/index.ts";
import { RandomStream } from "../../src/random.ts";

export type Precision = "float64" | "float32";

function numbers(type: Precision, values: readonly number[]): Float64Array | Float32Array {
  return type === "float64" ? Float64Array.from(values) : Float32Array.from(values);
}

function draw(shape: readonly number[], range: readonly [number, number], random: RandomStream): number[] {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: size }, () => range[0] + (range[1] - range[0]) * random.uniform());
}

/** The largest difference between analytic and numerical gradients, relative to max(1, |gradient|). */
export async function gradientError(
  example: GradientExample,
  type: Precision,
  seed: number,
): Promise<number> {
  const random = new RandomStream(seed, "gradient check");
  const forward = new Graph();
  const operands = example.shapes.map((shape, i) => forward.input(`x${i}`, type, shape));
  const result = forward.output(example.build(...operands));
  const backward = differentiate(result, operands.filter(changes(result)));
  const values = example.shapes.map((shape, i) => draw(shape, example.ranges?.[i] ?? [-2, 2], random));
  const upstream = draw(result.shape as number[], [-1, 1], random);
  const engine = await openEngine();
  const forwardProgram = await engine.load(writeOnnx(forward));
  const backwardProgram = await engine.load(writeOnnx(backward.graph));

  const feed = (name: string, dims: readonly number[], data: readonly number[]): [string, TensorData] => [
    name,
    { type, dims, data: numbers(type, data) },
  ];
  const run = (at: readonly (readonly number[])[]) =>
    forwardProgram.run(Object.fromEntries(operands.map((x, i) => feed(x.name, example.shapes[i], at[i]))));
  const objective = async (at: readonly (readonly number[])[]) => {
    const data = (await run(at))[result.name].data as Float64Array;
    return data.reduce((sum, value, i) => sum + value * upstream[i], 0);
  };
  const saved = await run(values);
  const feeds = Object.fromEntries([
    ...operands.map((x, i) => feed(x.name, example.shapes[i], values[i])),
    ...Object.entries(saved),
    feed(backward.upstream.name, result.shape as number[], upstream),
  ]);
  const wanted = new Set(backwardProgram.inputs);
  const gradients = await backwardProgram.run(
    Object.fromEntries(Object.entries(feeds).filter(([name]) => wanted.has(name))),
  );
  const step = type === "float64" ? 1e-5 : 4e-3;
  let worst = 0;
  for (const [k, gradient] of backward.gradients.entries()) {
    const i = operands.indexOf(operands.filter(changes(result))[k]);
    const analytic = gradients[gradient.name].data as Float64Array;
    for (let j = 0; j < analytic.length; j++) {
      const shifted = (delta: number) => values.map((v, n) => (n === i ? v.with(j, v[j] + delta) : v));
      const slope = ((await objective(shifted(step))) - (await objective(shifted(-step)))) / (2 * step);
      worst = Math.max(worst, Math.abs(slope - analytic[j]) / Math.max(1, Math.abs(slope)));
    }
  }
  await Promise.all([forwardProgram.close(), backwardProgram.close()]);
  return worst;
}

/** Operands that only lend their shape have no gradient. */
function changes(result: Tensor): (operand: Tensor) => boolean {
  return (operand) => {
    try {
      differentiate(result, [operand]);
      return true;
    } catch {
      return false;
    }
  };
}
