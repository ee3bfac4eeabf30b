// What the parts of an import share: the one error of weights that do not fit, and names with a *.

import { EarshotError } from "../../errors.ts";

export const mismatchOfWeights = (where: string, problem: string, remedy: string): EarshotError =>
  new EarshotError({ code: "WEIGHTS_MISMATCH", where, problem, remedy });

export const shapeText = (dims: readonly number[]): string => `[${dims.join(", ")}]`;

export const isListed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => patternOf(pattern).test(name));

/** `*` stands for any characters. */
const patternOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"))
      .join(".*")}$`,
    "su",
  );
