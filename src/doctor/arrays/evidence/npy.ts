// NumPy's .npy format, versions 1 to 3 (numpy.org/doc/stable/reference/generated/numpy.lib.format.html): numbers of any
// width and byte order, and a text. Pickled objects, which could run code elsewhere, are refused.

import type { Float64Tensor } from "../../../tensor.ts";
import { countOf, damagedEvidence, unfitEvidence } from "./named-arrays.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte);

type Read = (view: DataView, at: number, little: boolean) => number;

/** By kind and width in bytes, as NumPy writes them. */
const READERS: Readonly<Record<string, Read>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** An array of numbers, or the text of an array that holds one. @throws DAMAGED_EVIDENCE, UNFIT_EVIDENCE, EVIDENCE_TOO_LARGE */
export function readNpy(bytes: Uint8Array, where: string): Float64Tensor | string {
  const { descr, fortranOrder, dims, start } = readHeader(bytes, where);
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(descr) ?? [];
  const width = Number(digits);
  if (kind === "O" || descr.includes("[")) throw pickled(where);
  const count = countOf(dims, where);
  const size = kind === "U" ? 4 * width : width;
  if (start + count * size !== bytes.length) {
    const due = `${bytes.length - start} bytes of numbers where [${dims.join(", ")}] of ${descr} takes ${count * size}`;
    throw damagedEvidence(where, `It has ${due}.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * size);
  if (kind === "U" || kind === "S") return text(view, kind, order !== ">");
  const read = READERS[`${kind}${digits}`];
  if (!read)
    throw damagedEvidence(where, `It holds values of the type ${descr}, which are no plain numbers.`);
  const data = Float64Array.from({ length: count }, (_, i) => read(view, i * width, order !== ">"));
  return { type: "float64", dims, data: fortranOrder ? rowMajor(data, dims) : data };
}

function readHeader(bytes: Uint8Array, where: string) {
  if (!isNpy(bytes) || bytes.length < 12) throw damagedEvidence(where, "It does not begin like a .npy file.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [begin, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const start = begin + length;
  if (start > bytes.length) throw damagedEvidence(where, "Its header is longer than the file.");
  const header = new TextDecoder().decode(bytes.subarray(begin, start));
  const descr = /'descr':\s*('([^']*)'|\[)/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(header);
  if (!descr || !order || !shape) throw damagedEvidence(where, "Its header does not describe an array.");
  const dims = [...shape[1].matchAll(/\d+/g)].map(Number);
  return { descr: descr[2] ?? descr[1], fortranOrder: order[1] === "True", dims, start };
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function text(view: DataView, kind: string, little: boolean): string {
  const codes =
    kind === "U"
      ? Array.from({ length: view.byteLength / 4 }, (_, i) => view.getUint32(4 * i, little))
      : Array.from({ length: view.byteLength }, (_, i) => view.getUint8(i));
  const points = codes.filter((code) => code > 0 && code <= 0x10ffff);
  return points.map((point) => String.fromCodePoint(point)).join("");
}

/** From column-major order. */
function rowMajor(data: Float64Array, dims: readonly number[]): Float64Array {
  const sorted = new Float64Array(data.length);
  const index = dims.map(() => 0);
  for (const value of data) {
    sorted[index.reduce((at, i, axis) => at * dims[axis] + i, 0)] = value;
    for (let axis = 0; axis < dims.length && ++index[axis] === dims[axis]; axis++) index[axis] = 0;
  }
  return sorted;
}

function pickled(where: string) {
  return unfitEvidence(
    where,
    "It holds Python objects instead of numbers, and reading those could run code.",
    "Save arrays of numbers: pad lists of different lengths to one width, or save them one by one.",
  );
}
