// Shapes and types are errors when the graph is built, with a text that names both sides.

import { describe, expect, it } from "vitest";
import {
  add,
  affine,
  cast,
  clip,
  concat,
  conv,
  differentiate,
  div,
  equal,
  exp,
  expandLike,
  gather,
  gemm,
  Graph,
  lastOf,
  layerNormalization,
  logSoftmax,
  matMul,
  mul,
  multiHeadAttention,
  pad,
  reduceMean,
  reduceSum,
  reshape,
  scan,
  scatterAdd,
  shapeOf,
  sizeOf,
  slice,
  split,
  squeeze,
  sub,
  transpose,
  unsqueeze,
  where,
  zerosLike,
  type ScanOptions,
  type Tensor,
} from "../../src/graph/index.ts";

const graph = new Graph();
const frames = graph.input("frames", "float32", ["T", "B", 4]);
const matrix = graph.input("matrix", "float32", [4, 6]);
const other = graph.input("other", "float32", ["S", "B", 4]);
const double = graph.input("double", "float64", [4]);
const whole = graph.input("whole", "int64", [4]);
const truth = graph.input("truth", "bool", ["T", "B", 4]);
const short = graph.input("short", "float32", [3]);

const wide = graph.input("wide", "float32", ["T", "B", 6]);
const pictures = graph.input("pictures", "float32", ["B", 6, "T"]);
const kernel = (...shape: number[]) =>
  graph.constant("kernel", "float32", shape, new Float32Array(shape.reduce((a, b) => a * b)));

const loop = (options: Partial<ScanOptions>) =>
  scan({
    states: [zerosLike(frames, 1, 3)],
    sequences: [frames],
    direction: "forward",
    step: ([state], [x]) => ({ states: [add(state, x)], outputs: [] }),
    ...options,
  });

describe("a shape that does not fit", () => {
  // prettier-ignore
  const cases: Record<string, [() => unknown, string]> = {
    "add of unlike names": [() => add(frames, other), "Add: Cannot broadcast [T, B, 4] with [S, B, 4]."],
    "sub of unlike sizes": [() => sub(frames, short), "Sub: Cannot broadcast [T, B, 4] with [3]."],
    "where": [() => where(truth, short, frames), "Where: Cannot broadcast [3] with [T, B, 4]."],
    "equal": [() => equal(matrix, short), "Equal: Cannot broadcast [4, 6] with [3]."],
    "gemm's inner dimensions": [() => gemm(matrix, matrix), "gemm of [4, 6] and [4, 6]: The inner dimensions 6 and 4 differ."],
    "gemm of a batch": [() => gemm(frames, matrix), "gemm of [T, B, 4] and [4, 6]: Both factors must be matrices; for batches of them, use matMul."],
    "gemm with too large a sum": [() => gemm(matrix, matrix, graph.constant("c", "float32", [1, 4, 4], new Float32Array(16)), { transposeB: true }), "gemm of [4, 6] and [4, 6]: [1, 4, 4] does not grow into [4, 4]."],
    "gather from a scalar": [() => gather(reduceSum(short, [0]), whole), "gather: A scalar has no rows."],
    "scatterAdd": [() => scatterAdd(matrix, whole, matrix.graph.constant("rows", "float32", [3, 6], new Float32Array(18))), "scatterAdd: What is added is [3, 6] and not [4, 6]."],
    "split": [() => split(matrix, 1, [2, 3]), "split: Parts of 2, 3 do not make up axis 1 of [4, 6]."],
    "split into nothing": [() => split(matrix, 1, [6, 0]), "split: Parts of 6, 0 do not make up axis 1 of [4, 6]."],
    "reduceMean": [() => reduceMean(short, [-2]), "reduceMean: Axis -2 does not exist in a tensor of rank 1."],
    "layerNormalization": [() => layerNormalization(frames, short, short), "layerNormalization: Scale and bias of [T, B, 4] must be [4], not [3]."],
    "layerNormalization of a scalar": [() => layerNormalization(reduceSum(short, [0]), short, short), "layerNormalization: Scale and bias of [] must be [], not [3]."],
    "conv's channels": [() => conv(frames, kernel(5, 2, 3), undefined, { groups: 3 }), "conv of [T, B, 4] with [5, 2, 3]: 3 × 2 channels of the kernel meet B of the operand."],
    "conv's groups": [() => conv(pictures, kernel(5, 2, 3), undefined, { groups: 3 }), "conv of [B, 6, T] with [5, 2, 3]: 5 channels do not fall into 3 groups."],
    "conv with a longer kernel": [() => conv(kernel(1, 2, 4), kernel(1, 2, 3), undefined, { dilations: [2] }), "conv of [1, 2, 4] with [1, 2, 3]: The kernel is longer than the padded operand."],
    "conv of other axes": [() => conv(pictures, matrix), "conv of [B, 6, T] with [4, 6]: Operand and kernel must have as many axes."],
    "conv with strides of other axes": [() => conv(pictures, kernel(2, 6, 3), undefined, { strides: [1, 1] }), "conv: Strides, padding and dilations need one entry for each of 1 axes."],
    "matMul's inner dimensions": [() => matMul(frames, transpose(matrix, [1, 0])), "matMul of [T, B, 4] and [6, 4]: The inner dimensions 4 and 6 differ."],
    "matMul of a vector": [() => matMul(frames, short), "matMul of [T, B, 4] and [3]: Both operands must be matrices or batches of them."],
    "reduceSum": [() => reduceSum(short, [1]), "reduceSum: Axis 1 does not exist in a tensor of rank 1. Give an axis from -1 to 0."],
    "expandLike": [() => expandLike(frames, matrix), "expandLike: Cannot broadcast [T, B, 4] with [4, 6]."],
    "expandLike to fewer": [() => expandLike(frames, zerosLike(frames, 2, 3)), "expandLike: [T, B, 4] does not grow into [4]."],
    "logSoftmax of a scalar": [() => logSoftmax(reduceSum(short, [0])), "LogSoftmax: Axis -1 does not exist in a tensor of rank 0. Give a tensor that has an axis, not a scalar."],
    "squeeze of an axis twice": [() => squeeze(unsqueeze(short, [0]), [0, -2]), "squeeze: Axes 0, -2 name axis 0 twice. Name each axis once."],
    "unsqueeze of an axis twice": [() => unsqueeze(short, [0, 0]), "unsqueeze: Axes 0, 0 name axis 0 twice."],
    "reduceSum of an axis twice": [() => reduceSum(matrix, [0, -2]), "reduceSum: Axes 0, -2 name axis 0 twice."],
    "reduceSum of half an axis": [() => reduceSum(matrix, [0.5]), "reduceSum: Axis 0.5 does not exist in a tensor of rank 2."],
    "split into halves": [() => split(short, 0, [1.5, 1.5]), "split: Parts of 1.5, 1.5 do not make up axis 0 of [3]."],
    "pad by halves": [() => pad(short, 0, 0.5, 0), "pad: It adds whole numbers of at least 0 elements, not 0.5 and 0; to cut, use slice."],
    "slice by halves": [() => slice(short, 0, { start: 0.5, trim: 0.5 }), "slice: Start 0.5 and trim 0.5 must be whole numbers of at least 0, step 1 of at least 1."],
    "reshape into halves": [() => reshape(matrix, [1.5, 16]), "reshape: Cannot tell how [4, 6] becomes [1.5, 16]."],
    "reshape into less than nothing": [() => reshape(matrix, [-4, -6]), "reshape: Cannot tell how [4, 6] becomes [-4, -6]."],
    "shapeOf": [() => shapeOf(matrix, 1, 3), "shapeOf: Axes 1 … 2 are no part of [4, 6]."],
    "concat of nothing": [() => concat([], 0), "concat: It needs at least one tensor."],
    "conv's bias": [() => conv(pictures, kernel(5, 6, 3), short), "conv of [B, 6, T] with [5, 6, 3]: The bias must be [5], not [3]."],
    "conv without strides": [() => conv(pictures, kernel(5, 6, 3), undefined, { strides: [0] }), "conv: Strides, dilations and groups must be whole numbers of at least 1, padding of at least 0."],
    "conv with half a dilation": [() => conv(pictures, kernel(5, 6, 3), undefined, { dilations: [0.5] }), "conv: Strides, dilations and groups"],
    "conv in no groups": [() => conv(pictures, kernel(5, 6, 3), undefined, { groups: 0 }), "conv: Strides, dilations and groups"],
    "conv with less than no padding": [() => conv(pictures, kernel(5, 6, 3), undefined, { padding: [[0, -1]] }), "conv: Strides, dilations and groups"],
    "less than no heads": [() => multiHeadAttention(wide, wide, wide, { heads: -2 }), "multiHeadAttention: [T, B, 6] does not fall into -2 heads."],
    "halves of heads": [() => multiHeadAttention(wide, wide, wide, { heads: 1.5 }), "multiHeadAttention: [T, B, 6] does not fall into 1.5 heads."],
    "affine": [() => affine(matrix, matrix, short), "affine: [4, 6] and [4, 6] are not [..., I] and [I, O]."],
    "affine of a vector": [() => affine(frames, short, short), "affine: [T, B, 4] and [3] are not [..., I] and [I, O]."],
    "reshape": [() => reshape(matrix, [5, 5]), "reshape: Cannot tell how [4, 6] becomes [5, 5]."],
    "reshape beside a name": [() => reshape(frames, ["T", "B", 5]), "reshape: Cannot tell how [T, B, 4] becomes [T, B, 5]."],
    "reshape that swaps names": [() => reshape(frames, ["B", "T", 4]), "reshape: Cannot tell how [T, B, 4] becomes [B, T, 4]."],
    "reshape that drops a name": [() => reshape(frames, ["B", 4]), "reshape: Cannot tell how [T, B, 4] becomes [B, 4]."],
    "transpose": [() => transpose(matrix, [0, 0]), "transpose: [0, 0] does not order the axes of [4, 6]."],
    "squeeze": [() => squeeze(matrix, [-1]), "squeeze: Axes -1 of [4, 6] are not all 1."],
    "unsqueeze": [() => unsqueeze(short, [2]), "unsqueeze: Axis 2 does not exist in a tensor of rank 2."],
    "slice beyond the end": [() => slice(short, 0, { start: 2, trim: 2 }), "slice: Nothing is left of axis 0 of [3]."],
    "strided slice beyond the end": [() => slice(short, 0, { start: 4, step: 2 }), "slice: Nothing is left of axis 0 of [3]."],
    "slice from before the start": [() => slice(short, 0, { start: -1 }), "slice: Start -1 and trim 0 must be whole numbers of at least 0, step 1 of at least 1."],
    "slice without a step": [() => slice(short, 0, { step: 0 }), "slice: Start 0 and trim 0 must be whole numbers of at least 0, step 0 of at least 1."],
    "concat": [() => concat([frames, other], 2), "concat: [T, B, 4] and [S, B, 4] differ elsewhere."],
    "lastOf of more than there is": [() => lastOf(short, 0, 4), "lastOf: Axis 0 of [3] has no 4 elements."],
    "lastOf of nothing": [() => lastOf(short, 0, 0), "lastOf: It takes at least 1 element, not 0."],
    "concat of unlike ranks": [() => concat([frames, matrix], 2), "concat: [T, B, 4] and [4, 6] differ elsewhere."],
    "pad": [() => pad(short, 0, -1, 0), "pad: It adds whole numbers of at least 0 elements, not -1 and 0; to cut, use slice."],
    "pad of no axis": [() => pad(short, 1, 1, 0), "pad: Axis 1 does not exist in a tensor of rank 1."],
    "a constant": [() => graph.constant("c", "float32", [2, 3], new Float32Array(5)), "c: The shape [2, 3] holds 6 numbers but 5 were given."],
    "a loop without sequences": [() => loop({ sequences: [] }), "scan: It needs sequences of one length, not none."],
    "a loop over a scalar": [() => loop({ sequences: [reduceSum(short, [0])] }), "scan: It needs sequences of one length, not []."],
    "a loop over unlike lengths": [() => loop({ sequences: [frames, other] }), "scan: It needs sequences of one length, not [T, B, 4], [S, B, 4]."],
    "a state that changes shape": [() => loop({ step: ([state]) => ({ states: [reduceSum(state, [1])], outputs: [] }) }), "scan, state 0: It enters as float32 [B, 4] and leaves as float32 [B]."],
    "a state that changes type": [() => loop({ step: ([state]) => ({ states: [cast(state, "float64")], outputs: [] }) }), "scan, state 0: It enters as float32 [B, 4] and leaves as float64 [B, 4]."],
    "a lost state": [() => loop({ step: () => ({ states: [], outputs: [] }) }), "scan, state 0: It enters as float32 [B, 4] and leaves as nothing."],
    "a state too many": [() => loop({ step: ([state]) => ({ states: [state, state], outputs: [] }) }), "scan: 1 states enter the step and 2 leave it."],
  };
  it.each(Object.entries(cases))("is an error in %s", (_, [build, text]) => {
    expect(build).toThrow(text);
    expect(build).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
  });
});

describe("a type that does not fit", () => {
  // prettier-ignore
  const cases: Record<string, [() => unknown, string]> = {
    arithmetic: [() => add(frames, double), 'Add: "frames" is float32 but "double" is float64. Give operands of one element type, or convert with cast().'],
    "arithmetic of truth values": [() => mul(truth, truth), 'Mul: "truth" is bool but Mul takes float32, float64, int64.'],
    "division of whole numbers by floats": [() => div(whole, double), 'Div: "whole" is int64 but "double" is float64.'],
    functions: [() => exp(whole), 'Exp: "whole" is int64 but Exp takes float32, float64.'],
    clip: [() => clip(truth, 0, 1), 'Clip: "truth" is bool but Clip takes float32, float64, int64.'],
    equal: [() => equal(frames, whole), 'Equal: "frames" is float32 but "whole" is int64.'],
    "where's condition": [() => where(frames, frames, 0), 'Where: "frames" is float32 but Where takes bool.'],
    "where's choices": [() => where(truth, frames, double), 'Where: "frames" is float32 but "double" is float64.'],
    "half of a whole number": [() => add(whole, 0.5), '0.5: "whole" is int64, which cannot hold this number. Give a number of that type, or convert the tensor with cast().'],
    "a bound between whole numbers": [() => clip(whole, 0, 1.5), '1.5: "whole" is int64, which cannot hold this number.'],
    "more than truth values": [() => equal(2, truth), '2: "truth" is bool, which cannot hold this number.'],
    // @ts-expect-error the type of the choices asks for a tensor
    "a choice of two numbers": [() => where(truth, 1, 0), "1 and 0: Two numbers say no element type. Give a tensor for one of them."],
    matMul: [() => matMul(cast(frames, "float64"), matrix), "is float64 but \"matrix\" is float32."],
    reduceSum: [() => reduceSum(truth, [0]), 'ReduceSum: "truth" is bool but ReduceSum takes float32, float64, int64.'],
    logSoftmax: [() => logSoftmax(whole), 'LogSoftmax: "whole" is int64 but LogSoftmax takes float32, float64.'],
    gather: [() => gather(matrix, short), 'Gather: "short" is float32 but Gather takes int64. Give int64, or convert with cast().'],
    gemm: [() => gemm(matrix, cast(matrix, "float64"), undefined, { transposeB: true }), 'Gemm: "matrix" is float32 but "Cast'],
    concat: [() => concat([short, double], 0), 'concat: "short" is float32 but "double" is float64.'],
    "a constant": [() => graph.constant("c", "float32", [2], new Float64Array(2)), "c: Numbers of type float32 belong in a Float32Array, not in a Float64Array."],
  };
  it.each(Object.entries(cases))("is an error in %s", (_, [build, text]) => {
    expect(build).toThrow(text);
    expect(build).toThrow(expect.objectContaining({ code: "TYPE_MISMATCH" }));
  });
});

describe("bounds in the wrong order", () => {
  it.each([
    [5, 1],
    [Number.NaN, 1],
  ])("are refused: %s and %s", (low, high) => {
    const build = () => clip(short, low, high);
    expect(build).toThrow(`clip: No number lies between ${low} and ${high}. Give the lower bound first.`);
    expect(build).toThrow(expect.objectContaining({ code: "INVALID_SETTING" }));
  });
});

describe("a tensor of another graph", () => {
  it("is refused", () => {
    const stranger = new Graph().input("stranger", "float32", [3]);
    expect(() => add(short, stranger)).toThrow('Add: "stranger" belongs to another graph.');
  });
  it("is refused when it lives in a loop that has ended", () => {
    let inside: Tensor | undefined;
    loop({ step: ([state], [x]) => ({ states: [(inside = add(state, x))], outputs: [] }) });
    const outer = zerosLike(frames, 1, 3);
    expect(() => graph.add(add(outer, outer).graph.nodes.at(-1)!.operator, [outer, inside!])).toThrow(
      "belongs to another graph",
    );
  });
});

const x = () => new Graph().input("x", "float32", [5]);

describe("a gradient that does not exist", () => {
  // prettier-ignore
  const cases: Record<string, [() => unknown, string]> = {
    "of a comparison": [() => { const a = x(); return differentiate(equal(a, a), [a]); }, "Equal: Equal has no gradient: a comparison is constant almost everywhere. Keep it off the path between the variables and the loss."],
    "of a shape": [() => { const a = x(); return differentiate(shapeOf(a), [a]); }, "Shape: Shape has no gradient: a shape does not change with the values."],
    "with respect to what does not matter": [() => { const a = x(); const b = a.graph.input("b", "float32", [5]); return differentiate(exp(a), [a, b]); }, 'b: The result does not depend on "b". Leave it out of the variables, or use it on the way to the result, with no whole numbers or comparison between.'],
    "through a comparison alone": [() => { const a = x(); const c = a.graph.input("c", "float32", [5]); return differentiate(add(a, cast(equal(a, c), "float32")), [a, c]); }, 'c: The result does not depend on "c".'],
    "of a size": [() => { const a = x(); return differentiate(sizeOf(a), [a]); }, "Size: Size has no gradient: a size does not change with the values."],
    "of a weight that a step reshapes with its slice": [() => {
      const a = new Graph().input("a", "float32", ["T", 3]);
      const w = a.graph.input("w", "float32", [3]);
      const { outputs } = scan({ states: [], sequences: [a], direction: "forward", step: (_, [slice]) => ({ states: [], outputs: [concat([slice, w], 0)] }) });
      return differentiate(outputs[0], [w]);
    }, 'scan, Concat: "w" enters the step through Concat, which does not broadcast. Apply this operator outside the step, or feed the tensor as a sequence.'],
  };
  it.each(Object.entries(cases))("%s is a named error", (_, [build, text]) => {
    expect(build).toThrow(text);
    expect(build).toThrow(expect.objectContaining({ code: "NO_GRADIENT" }));
  });
});
