// The numerical gradient check: central differences of Σ result·upstream, against the backward program.

import { differentiate, Graph, writeOnnx, type GradientExample } from "../../src/graph/index.ts";
import { openEngine } from "../../src/engine/index.ts";
import { RandomStream } from "../../src/random.ts";
import type { TensorData } from "../../src/tensor.ts";

export type Precision = "float64" | "float32";

const STEP: Record<Precision, number> = { float64: 1e-5, float32: 4e-3 };

function draw(shape: readonly number[], [low, high]: readonly [number, number], random: RandomStream) {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: size }, () => low + (high - low) * random.uniform());
}

/** The largest difference between analytic and numerical gradients, relative to max(1, |gradient|). */
export async function gradientError(
  { shapes, ranges, build }: GradientExample,
  type: Precision,
  seed: number,
  engineName = "cpu",
): Promise<number> {
  const forward = new Graph();
  const operands = shapes.map((shape, i) => forward.input(`x${i}`, type, shape));
  const result = forward.output(build(...operands));
  const backward = differentiate(result, operands);
  const engine = await openEngine(engineName);
  const forwardProgram = await engine.load(writeOnnx(forward));
  const backwardProgram = await engine.load(writeOnnx(backward.graph));

  const random = new RandomStream(seed, "gradient check");
  const point = shapes.map((shape, i) => draw(shape, ranges?.[i] ?? [-2, 2], random));
  const upstream = draw(result.shape as number[], [-1, 1], random);
  const tensor = (dims: readonly number[], values: readonly number[]): TensorData => ({
    type,
    dims,
    data: type === "float64" ? Float64Array.from(values) : Float32Array.from(values),
  });
  const feedsAt = (at: readonly (readonly number[])[]) =>
    Object.fromEntries(operands.map(({ name }, i) => [name, tensor(shapes[i], at[i])]));
  const objective = async (at: readonly (readonly number[])[]) => {
    const data = (await forwardProgram.run(feedsAt(at)))[result.name].data as Float64Array;
    return data.reduce((sum, value, i) => sum + value * upstream[i], 0);
  };
  const known: Record<string, TensorData> = {
    ...feedsAt(point),
    ...(await forwardProgram.run(feedsAt(point))),
    [backward.upstream.name]: tensor(result.shape as number[], upstream),
  };
  const gradients = await backwardProgram.run(
    Object.fromEntries(backwardProgram.inputs.map((name) => [name, known[name]])),
  );
  let worst = 0;
  for (const [i, { name }] of backward.gradients.entries()) {
    const analytic = gradients[name].data as Float64Array;
    for (const j of analytic.keys()) {
      const moved = (delta: number) => point.map((x, n) => (n === i ? x.with(j, x[j] + delta) : x));
      const rise = (await objective(moved(STEP[type]))) - (await objective(moved(-STEP[type])));
      const slope = rise / (2 * STEP[type]);
      worst = Math.max(worst, Math.abs(slope - analytic[j]) / Math.max(1, Math.abs(slope)));
    }
  }
  await Promise.all([forwardProgram.close(), backwardProgram.close()]);
  return worst;
}
