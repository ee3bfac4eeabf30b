// What tensors are made of once they are numbers: what an engine is fed and gives, a weight, an entry of a file, an
// array of an export. One type for all rooms. A tensor of a graph, which has a name and no numbers, is in graph/.

/** The array that holds each type of element. A truth value is a byte of 0 or 1. */
export const ELEMENT_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export type ElementType = keyof typeof ELEMENT_ARRAYS;
export type TypedData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** Numbers with a shape, in row-major order: `dims` multiply to `data.length`, a scalar has none. */
export interface TensorData {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TypedData;
}

export interface Float32Tensor extends TensorData {
  readonly type: "float32";
  readonly data: Float32Array;
}

export interface Float64Tensor extends TensorData {
  readonly type: "float64";
  readonly data: Float64Array;
}

/** How many numbers a shape holds. */
export const elementCount = (dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, 1);
