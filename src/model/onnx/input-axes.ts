// Whether the input that a program declares is the one that is described: its axes, and those of its sizes that are fixed.
// Sizes are fixed where an exporter was not told which of them vary; the remedies say how each exporter of PyTorch is told.

import { mismatch } from "./runner.ts";

interface DescribedInput {
  readonly name: string;
  /** A name stands for a size that is open. */
  readonly dims: readonly (number | string)[];
  readonly axes: string;
  /** F, numbers in a row that it is fed. */
  readonly rowSize: number;
  /** From one row to the next. */
  readonly rowMs: number;
}

/** @throws DESCRIPTION_MISMATCH */
export function checkInputAxes({ name, dims, axes, rowSize, rowMs }: DescribedInput, where: string): void {
  const input = `The input "${name}" is [${dims.join(", ")}]`;
  if (dims.length !== axes.length)
    throw mismatch(
      where,
      `${input}, where the axes ${axes} were described.`,
      "Correct feed.axes in the description.",
    );
  for (const [axis, letter] of [...axes].entries()) {
    const size = dims[axis];
    if (typeof size !== "number") continue;
    if (letter === "F" && size !== rowSize)
      throw mismatch(
        where,
        `${input}: it takes ${size} numbers a frame, but the features described are ${rowSize}.`,
        "Describe the features that the model was trained on (input.features: bins, deltas), or correct feed.axes.",
      );
    if (letter === "T")
      throw mismatch(
        where,
        `${input}: it takes recordings of ${size} rows only, ${(size * rowMs) / 1000} seconds.`,
        `Export it with a dynamic axis for time: dynamic_axes={"${name}": {${axis}: "T"}}, or dynamic_shapes with dynamo=True; where this axis is not time, correct feed.axes.`,
      );
    if (letter === "B" && size !== 1)
      throw mismatch(
        where,
        `${input}: it takes ${size} utterances at once, no more and no fewer.`,
        `Export it for one, or with a dynamic axis for them: dynamic_axes={"${name}": {${axis}: "B"}}, or dynamic_shapes with dynamo=True.`,
      );
    if (letter === "1" && size !== 1)
      throw mismatch(
        where,
        `${input}, but the axes ${axes} say 1 where there are ${size}.`,
        "Correct feed.axes in the description.",
      );
  }
}
