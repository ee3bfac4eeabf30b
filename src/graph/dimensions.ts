// Dimensions of a tensor: a number, or a name such as "B" or "T" that stays symbolic until the graph runs.
// A name may carry an offset ("T+10") or be the result of a stride ("ceil(T/2)"); two names are equal when their
// text is, so every computation writes its result in one way. Knows nothing of tensors or operators.

import { EarshotError } from "../errors.ts";

export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** The dimension `offset` larger: `shiftDimension("T", 10)` is `"T+10"`, and shifted back it is `"T"`. */
export function shiftDimension(dimension: Dimension, offset: number): Dimension {
  if (typeof dimension === "number") return dimension + offset;
  const [, name, plus] = /^(.*?)([+-]\d+)?$/.exec(dimension)!;
  const total = Number(plus ?? 0) + offset;
  return total === 0 ? name : `${name}${total > 0 ? "+" : ""}${total}`;
}

/** ⌈dimension / divisor⌉, the number of steps that a stride leaves. */
export function strideDimension(dimension: Dimension, stride: number): Dimension {
  if (stride === 1) return dimension;
  return typeof dimension === "number" ? Math.ceil(dimension / stride) : `ceil(${dimension}/${stride})`;
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
  const terms = names.map((name) => (OFFSET.test(name) ? `(${name})` : name));
  return [...terms, ...(product === 1 ? [] : [product])].join("*");
}

const OFFSET = /[+-]\d+$/;

/** What a product was made of; anything else is its own only factor. */
function factors(size: Dimension): Dimension[] {
  if (typeof size === "number" || OFFSET.test(size)) return [size];
  return productTerms(size).map((factor) => (/^\d+$/.test(factor) ? Number(factor) : factor));
}

/** What stands between the `*` that no parenthesis encloses. */
function productTerms(text: string): string[] {
  const terms = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "*" && depth === 0) terms.push("");
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
  const shifted = /^(.+)([+-]\d+)$/.exec(dimension);
  if (shifted) return shiftDimension(bind(shifted[1]), Number(shifted[2]));
  const terms = factors(dimension);
  if (terms.length > 1) return multiplyDimensions(terms.map(bind));
  const strided = /^ceil\((.+)\/(\d+)\)$/.exec(dimension);
  if (strided) return strideDimension(bind(strided[1]), Number(strided[2]));
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
