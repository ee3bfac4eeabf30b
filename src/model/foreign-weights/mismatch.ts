// What the parts of an import share: the one error of weights that do not fit, and shapes in its words.

import { EarshotError } from "../../errors.ts";

export const mismatchOfWeights = (where: string, problem: string, remedy: string): EarshotError =>
  new EarshotError({ code: "WEIGHTS_MISMATCH", where, problem, remedy });

export const shapeText = (dims: readonly number[]): string => `[${dims.join(", ")}]`;
