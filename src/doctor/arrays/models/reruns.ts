// Runs a network as tools/probe.py does: the batch, the same again, in another order, padded longer, with one frame
// changed, and each utterance alone. Which program it is, and how it is fed, is the caller's business.

import { EarshotError } from "../../../errors.ts";
import type { Float64Tensor } from "../../../tensor.ts";
import { take, upTo } from "./tensor.ts";

export interface ModelBatch {
  /** Features or samples, of any shape. */
  readonly input: Float64Tensor;
  readonly batchAxis: number;
  readonly timeAxis: number;
  /** [B], how much of the time axis each utterance fills. */
  readonly frames: readonly number[];
}

interface ModelRun {
  readonly outputs: Float64Tensor;
  /** [B], where the network gives them. */
  readonly lengths?: readonly number[];
}

export type Forward = (input: Float64Tensor, frames: readonly number[]) => Promise<ModelRun>;

/** The arrays of an export, by name, and the runs that failed. @throws what the first run of the batch throws */
export async function rerun(
  forward: Forward,
  batch: ModelBatch,
): Promise<{ arrays: Map<string, Float64Tensor>; failed: Record<string, string> }> {
  const { input, batchAxis, timeAxis, frames } = batch;
  const B = frames.length;
  const order = upTo(B).map((b) => (b + B - 1) % B);
  const longer = input.dims[timeAxis] + Math.floor(input.dims[timeAxis] / 2) + 1;
  const pick = (rows: readonly number[], length: number): Parameters<Forward> => [
    take(take(input, batchAxis, rows), timeAxis, upTo(length)),
    rows.map((b) => frames[b]),
  ];
  const runs: Record<string, Parameters<Forward>> = {
    log_probs: [input, frames],
    again: [input, frames],
    third: [input, frames],
    permuted: pick(order, input.dims[timeAxis]),
    padded: pick(upTo(B), longer),
    impulse: [withImpulse(batch), frames],
    ...Object.fromEntries(upTo(B).map((b) => [`alone_${b}`, pick([b], frames[b])])),
  };
  const arrays = new Map([
    list("frames", frames),
    list("padded_frames", [input.dims[timeAxis]]),
    list("order", order),
  ]);
  const failed: Record<string, string> = {};
  for (const [name, args] of Object.entries(runs)) {
    try {
      const { outputs, lengths } = await forward(...args);
      arrays.set(name, outputs);
      if (lengths) arrays.set(...list(name === "log_probs" ? "input_lengths" : `${name}_lengths`, lengths));
    } catch (error) {
      if (name === "log_probs" || !(error instanceof EarshotError)) throw error;
      failed[name] = error.problem;
    }
  }
  return { arrays, failed };
}

const list = (name: string, values: readonly number[]): [string, Float64Tensor] => [
  name,
  { type: "float64", dims: [values.length], data: Float64Array.from(values) },
];

/** The first utterance with its middle frame changed by more than features vary. */
function withImpulse({ input, batchAxis, timeAxis, frames }: ModelBatch): Float64Tensor {
  const { dims, data } = input;
  const middle = Math.floor(frames[0] / 2);
  const size = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length) + 1;
  const stride = (axis: number): number => dims.slice(axis + 1).reduce((all, dim) => all * dim, 1);
  const at = (i: number, axis: number): number => Math.floor(i / stride(axis)) % dims[axis];
  const changed = data.map((value, i) =>
    at(i, batchAxis) === 0 && at(i, timeAxis) === middle ? value + size : value,
  );
  return { type: "float64", dims, data: changed };
}
