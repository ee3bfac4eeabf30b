// Dimensions of a tensor: a number, or a name such as "B" or "T" that stays symbolic until the graph runs.
// A name may carry an offset ("T+10"), be the result of a stride ("ceil(T/2)"), a product or a sum; two dimensions are
// equal when their text is, so every computation writes its result in one way. Knows nothing of tensors or operators.

import { EarshotError } from "../errors.ts";

export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** The dimension `offset` larger: `shiftDimension("T", 10)` is `"T+10"`, and shifted back it is `"T"`. */
export function shiftDimension(dimension: Dimension, offset: number): Dimension {
  if (typeof dimension === "number") return dimension + offset;
  const [base, before] = withoutOffset(dimension);
  const total = before + offset;
  return total === 0 ? base : `${base}${total > 0 ? "+" : ""}${total}`;
}

/**
 * ⌈dimension / stride⌉, the number of steps that a stride leaves. A stride of a stride is written as one stride,
 * ⌈(⌈T / 2⌉ + 1) / 2⌉ = ⌈(T + 2) / 4⌉, and whole strides of an offset outside: ⌈(T + 5) / 4⌉ = ⌈(T + 1) / 4⌉ + 1.
 */
export function strideDimension(dimension: Dimension, stride: number): Dimension {
  if (stride === 1) return dimension;
  if (typeof dimension === "number") return Math.ceil(dimension / stride);
  const [base, offset] = withoutOffset(dimension);
  const inner = stridden(base);
  if (inner) return strideDimension(shiftDimension(inner.of, offset * inner.stride), inner.stride * stride);
  const whole = Math.floor(offset / stride);
  return shiftDimension(`ceil(${shiftDimension(base, offset - whole * stride)}/${stride})`, whole);
}

/** What a dimension is the stride of; undefined when it is none, or a product or sum of some. */
function stridden(dimension: string): { of: Dimension; stride: number } | undefined {
  const [, of, stride] = /^ceil\((.+)\/(\d+)\)$/.exec(dimension) ?? [];
  const alone = splitOutside(dimension, "*").length === 1 && splitOutside(dimension, "+").length === 1;
  return of !== undefined && alone ? { of, stride: Number(stride) } : undefined;
}

/** `sizes` added up, names in order: `["T+1", 3, "S", "T"]` give `"S+T*2+4"`. */
export function addDimensions(sizes: Shape): Dimension {
  const counts = new Map<string, number>();
  let offset = 0;
  for (const size of sizes) {
    const [sum, own] = typeof size === "number" ? ["", size] : withoutOffset(size);
    offset += own;
    for (const term of sum === "" ? [] : splitOutside(sum, "+")) {
      const all = factors(term);
      const names = multiplyDimensions(all.filter((factor) => typeof factor === "string")) as string;
      const times = all.reduce<number>(
        (total, factor) => (typeof factor === "number" ? total * factor : total),
        1,
      );
      counts.set(names, (counts.get(names) ?? 0) + times);
    }
  }
  if (counts.size === 0) return offset;
  const terms = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(multiplyDimensions);
  return shiftDimension(terms.join("+"), offset);
}

/** A dimension and the number that is added to it. */
function withoutOffset(dimension: string): [base: string, offset: number] {
  const [, base, offset] = /^(.*?)([+-]\d+)?$/.exec(dimension)!;
  return [base, Number(offset ?? 0)];
}

/** `sizes` multiplied, names first and in order: `["T", 4, "B+1", 2]` give `"(B+1)*T*8"`. */
export function multiplyDimensions(sizes: Shape): Dimension {
  const all = sizes.flatMap(factors);
  const names = all.filter((factor) => typeof factor === "string").toSorted();
  const product = all.reduce<number>(
    (total, factor) => (typeof factor === "number" ? total * factor : total),
    1,
  );
  if (names.length === 0 || product === 0) return product;
  if (names.length === 1 && product === 1) return names[0];
  const terms = names.map((name) => (isSum(name) ? `(${name})` : name));
  return [...terms, ...(product === 1 ? [] : [product])].join("*");
}

const isSum = (name: string): boolean => withoutOffset(name)[1] !== 0 || splitOutside(name, "+").length > 1;

/** What a product was made of; anything else is its own only factor. */
export function factors(size: Dimension): Dimension[] {
  if (typeof size === "number" || isSum(size)) return [size];
  return splitOutside(size, "*").map((factor) => (/^\d+$/.test(factor) ? Number(factor) : factor));
}

/** What stands between the signs that no parenthesis encloses. */
function splitOutside(text: string, sign: "*" | "+"): string[] {
  const terms = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === sign && depth === 0) terms.push("");
    else terms[terms.length - 1] += character;
  }
  return terms;
}

/** Numbers for names of dimensions. */
export type Sizes = Readonly<Record<string, number>>;

/** The dimension with numbers for the names that have one: `"ceil(T+10/2)*B"` with T = 64 is `"B*37"`. */
export function bindDimension(dimension: Dimension, sizes: Sizes): Dimension {
  if (typeof dimension === "number") return dimension;
  if (Object.hasOwn(sizes, dimension)) return sizes[dimension];
  const bind = (part: Dimension) => bindDimension(part, sizes);
  const [base, offset] = withoutOffset(dimension);
  if (offset !== 0) return shiftDimension(bind(base), offset);
  const terms = splitOutside(dimension, "+");
  if (terms.length > 1) return addDimensions(terms.map(bind));
  const product = factors(dimension);
  if (product.length > 1) return multiplyDimensions(product.map(bind));
  const inner = stridden(dimension);
  if (inner) return strideDimension(bind(inner.of), inner.stride);
  const enclosed = /^\((.+)\)$/.exec(dimension);
  return enclosed ? bind(enclosed[1]) : dimension;
}

/** The shape of an element-wise result, by ONNX's (NumPy's) multidirectional broadcasting. */
export function broadcastShapes(a: Shape, b: Shape, where: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw shapeMismatch(where, `cannot broadcast ${formatShape(a)} with ${formatShape(b)}`);
  });
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function shapeMismatch(where: string, problem: string): EarshotError {
  return new EarshotError({
    code: "SHAPE_MISMATCH",
    where,
    problem: `${problem[0].toUpperCase()}${problem.slice(1)}.`,
    remedy:
      "Check the shapes of the tensors that reach this operator; symbolic dimensions must have the same name.",
  });
}
