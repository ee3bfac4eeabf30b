// Samples to frames of log filter energies on a graph, as audio/features computes them: windows, pre-emphasis, spectrum,
// filters, logarithm; then cepstra. In float64 up to the logarithm, as there: beside loud bins, quiet ones would drown in the
// rounding of float32. The matrices are computed from short tables when the program is loaded, so they take no room in it.

import type { FrontEndNumbers } from "../../../audio/index.ts";
import {
  add,
  cast,
  clip,
  concat,
  countTo,
  div,
  equal,
  gather,
  less,
  log,
  matMul,
  mul,
  pad,
  reduceMax,
  reduceSum,
  shapeOf,
  slice,
  squeeze,
  sub,
  transpose,
  transposeLast,
  unsqueeze,
  where,
  type Graph,
  type Tensor,
} from "../../../graph/index.ts";

/** Frames on a graph. */
export interface GraphFrames {
  /** [T, B, F], float32 */
  readonly values: Tensor;
  /** [T, B, 1], bool: frames without any signal, of which each value is at the floor. */
  readonly silent: Tensor;
}

const MOST = 2 ** 31 - 1;

/** @param samples [B, N] */
export function spectralFrames(samples: Tensor, numbers: FrontEndNumbers): GraphFrames {
  const windows = windowsOf(samples, numbers); // [T, B, W]
  const energies = concat(energiesOf(windows, numbers), 2); // [T, B, F]
  const logs = cast(log(clip(energies, numbers.powerFloor, 1e300)), "float32");
  const floored = where(mostlyZero(windows, numbers.taper.length), numbers.floor, logs);
  const above = sub(1, cast(equal(floored, numbers.floor), "float32"));
  const silent = equal(reduceMax(above, [2], { keep: true }), 0);
  return { values: cepstra(floored, silent, numbers), silent };
}

/** The windows that begin at each hop, those of a recording shorter than one filled up with zeros. [T, B, W], float64 */
function windowsOf(samples: Tensor, { taper, hop, preEmphasis }: FrontEndNumbers): Tensor {
  const W = taper.length;
  const { graph } = samples;
  const count = squeeze(shapeOf(samples, 1, 2), [0]);
  const last = div(clip(sub(count, W), 0, MOST), hop); // the number of the last window
  const starts = mul(countTo(add(last, 1), "T"), hop);
  const offsets = graph.constant("offsets", "int64", [1, W], wholeNumbers(W));
  const signal = pad(emphasized(transpose(samples, [1, 0]), preEmphasis), 0, 0, W); // [N + W, B]
  const windows = gather(signal, add(unsqueeze(starts, [1]), offsets)); // [T, W, B]
  return cast(transposeLast(windows), "float64");
}

/** x[n] − a x[n − 1], rounded as the samples are. [N, B] */
function emphasized(signal: Tensor, a: number): Tensor {
  if (a === 0) return signal;
  const exact = cast(signal, "float64");
  const before = slice(pad(exact, 0, 1, 0), 0, { trim: 1 });
  return cast(sub(exact, mul(before, a)), "float32");
}

/** What is under each filter, and for the linear kind the energy of the window as it is. */
function energiesOf(windows: Tensor, numbers: FrontEndNumbers): Tensor[] {
  const { graph } = windows;
  const { taper, lines, hasEnergy } = numbers;
  const tapered = mul(windows, graph.constant("taper", "float64", [taper.length], taper));
  const waves = matMul(tapered, fourierMatrix(graph, numbers)); // [T, B, 2L]
  const squares = mul(waves, waves);
  const power = add(slice(squares, 2, { trim: lines }), slice(squares, 2, { start: lines }));
  const filtered = matMul(power, filterMatrix(graph, numbers));
  return hasEnergy ? [filtered, reduceSum(mul(windows, windows), [2], { keep: true })] : [filtered];
}

/** Cosines and sines of every line, [W, 2L]: taken from one turn of the cosine. */
function fourierMatrix(graph: Graph, { taper, lines, fftSize }: FrontEndNumbers): Tensor {
  const turn = Float64Array.from({ length: fftSize }, (_, i) => Math.cos((2 * Math.PI * i) / fftSize));
  const line = Array.from({ length: 2 * lines }, (_, i) => i % lines);
  const shift = line.map((_, i) => (i < lines ? 0 : fftSize / 4)); // a sine is a cosine a quarter later
  const whole = (name: string, shape: readonly number[], values: readonly number[]) =>
    graph.constant(name, "int64", shape, BigInt64Array.from(values, BigInt));
  const n = graph.constant("offsets", "int64", [taper.length, 1], wholeNumbers(taper.length));
  const angle = add(mul(n, whole("lines", [1, line.length], line)), whole("shift", [1, line.length], shift));
  const inTurn = sub(angle, mul(div(angle, fftSize), fftSize));
  return gather(graph.constant("cosine", "float64", [fftSize], turn), inTurn);
}

/** [L, bins]: a line lies in the stretch between two edges, where one filter rises and the one below it falls. */
function filterMatrix(graph: Graph, { lines, bins, bank }: FrontEndNumbers): Tensor {
  const stretch = new Float64Array(lines).fill(-2); // under no filter
  for (let s = 0; s <= bins; s++) stretch.fill(s, bank.first[s], bank.first[s + 1]);
  const stretches = graph.constant("stretches", "float64", [lines, 1], stretch);
  const rising = graph.constant("rising", "float64", [lines, 1], bank.rising);
  const filters = graph.constant("filters", "float64", [1, bins], Float64Array.from({ length: bins }, (_, f) => f)); // prettier-ignore
  const rises = cast(equal(stretches, filters), "float64");
  const falls = cast(equal(stretches, add(filters, 1)), "float64");
  return add(mul(rises, rising), mul(falls, sub(1, rising)));
}

/** Whether zeros in a row around the middle are half of the window. [T, B, 1] */
function mostlyZero(windows: Tensor, W: number): Tensor {
  const { graph } = windows;
  const half = W >> 1;
  const zero = graph.constant("zero", "float64", [], Float64Array.of(0));
  const before = Float64Array.from({ length: W }, (_, n) => (n < half ? n + 1 : 0));
  const behind = Float64Array.from({ length: W }, (_, n) => (n < half ? 0 : W - n));
  const outside = (name: string, distances: Float64Array) => {
    const sounding = where(equal(windows, zero), zero, graph.constant(name, "float64", [W], distances));
    return reduceMax(sounding, [2], { keep: true });
  };
  return less(add(outside("before", before), outside("behind", behind)), W / 2 + 0.25);
}

/** The cosine transform of what has a signal. */
function cepstra(logs: Tensor, silent: Tensor, { bins, cepstrum, floor }: FrontEndNumbers): Tensor {
  if (!cepstrum) return logs;
  const rows = cepstrum.length / bins;
  const matrix = logs.graph.constant("cepstrum", "float64", [rows, bins], cepstrum);
  const transformed = matMul(cast(logs, "float64"), transpose(matrix, [1, 0]));
  return where(silent, floor, cast(transformed, "float32"));
}

const wholeNumbers = (length: number): BigInt64Array => BigInt64Array.from({ length }, (_, i) => BigInt(i));
