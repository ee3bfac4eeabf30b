// What a composition is: a function made of operators, differentiated by their rules. It is in a table with its examples
// as operators are, so that the gradient suite walks it too. A program never shows it, only the operators.

import { elementData, type GradientExample, type Tensor } from "./graph.ts";

export interface CompositionDefinition {
  /** The function that builds it. */
  readonly name: string;
  /** Where it was described first. */
  readonly source: string;
  /** Cases on which the gradient suite checks it. */
  readonly examples: readonly GradientExample[];
}

/** A mask of three utterances of 4, 1 and 3 steps, for examples. [4, 3, 1] */
export function maskOfExample({ graph, type }: Tensor): Tensor {
  return graph.constant("mask", type, [4, 3, 1], elementData(type, [1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0]));
}
