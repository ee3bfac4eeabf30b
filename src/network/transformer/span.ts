// What the steps of a layer may attend to, as a network of attention passes it through its layers: how far back and ahead,
// which steps are there, and the angles of their positions. Borders are fixed in time: a step sees so many before its own
// and so many after it, whatever chunk it comes in, so that a stream gives what the whole recording gives.

import {
  cast,
  clip,
  concat,
  equal,
  FAR_BELOW,
  lastOf,
  mul,
  rotationOf,
  slice,
  stepNumbers,
  sub,
  transpose,
  unsqueeze,
  type Rotation,
  type Tensor,
} from "../../graph/index.ts";

/** How far a network's layers see, in steps; undefined for one that sees the whole utterance. */
export interface Reach {
  /** M, steps before a step's own that each layer sees. */
  readonly memory: number;
  /** Steps after a step's own that it depends on, through all layers. */
  readonly lookAhead: number;
}

/** Steps that come in and those remembered before them; layers that look ahead leave fewer at the end. */
export interface Span {
  /** 1 where a step is inside its utterance, those remembered first. [M + T' + A, B, 1] */
  readonly inside: Tensor;
  readonly rotation: Rotation;
  /** Numbers of the steps, as numbers of the type of the network. [M + T' + A] */
  readonly positions: Tensor;
  /** M; 0 for a network that sees the whole utterance. */
  readonly memory: number;
  /** A: steps at the end that are there to be looked at by layers that follow. */
  readonly ahead: number;
}

/** @param seen 1 for each remembered step that there was, [M, B, 1]; zeros at the start of an utterance */
export function spanOf(mask: Tensor, seen: Tensor | undefined, reach: Reach | undefined, size: number): Span {
  const inside = seen ? concat([seen, mask], 0) : mask;
  const positions = stepNumbers(inside, 0);
  const { memory, lookAhead: ahead } = reach ?? { memory: 0, lookAhead: 0 };
  return { inside, rotation: rotationOf(positions, size), positions, memory, ahead };
}

/** The steps that are there after a layer that looks `steps` ahead. */
export function shortened(span: Span, steps: number): Span {
  if (steps === 0) return span;
  const cut = (x: Tensor) => slice(x, 0, { trim: steps });
  const rotation = { cos: cut(span.rotation.cos), sin: cut(span.rotation.sin) };
  const ahead = span.ahead - steps;
  return { ...span, inside: cut(span.inside), positions: cut(span.positions), rotation, ahead };
}

/** The steps of this chunk, without those remembered. */
export const present = (x: Tensor, { memory }: Span): Tensor => slice(x, 0, { start: memory });

/** Of the values of all steps [M + T' + A, …], those that the next chunk must remember. */
export const remembered = (x: Tensor, { memory, ahead }: Span): Tensor =>
  lastOf(slice(x, 0, { trim: ahead }), 0, memory);

/**
 * What is added to the scores of a layer whose steps look `lookAhead` ahead: far below zero where a step may not see another.
 * [B, 1, T' + A − lookAhead, M + T' + A]
 */
export function hidden(span: Span, lookAhead: number): Tensor {
  const keys = unsqueeze(transpose(span.inside, [1, 2, 0]), [1]); // [B, 1, 1, S]
  const visible = span.memory > 0 ? mul(band(span, lookAhead), keys) : keys;
  return mul(sub(visible, 1), -FAR_BELOW);
}

/** 1 where a step is at most M before the one that looks and at most `lookAhead` after it. [T' + A − lookAhead, S] */
function band(span: Span, lookAhead: number): Tensor {
  const { positions, memory } = span;
  const own = slice(positions, 0, { start: memory, trim: lookAhead });
  const distance = sub(unsqueeze(positions, [0]), unsqueeze(own, [1]));
  return cast(equal(clip(distance, -memory, lookAhead), distance), positions.type);
}
