// What every stage of the room shows: the walk of the moment, and where the playhead is in it.

import type { Walk, Walkthrough } from "./library.ts";
import type { Palette } from "./figures/palette.ts";
import type { TimeAxis } from "./time-axis.ts";

export interface WalkView {
  readonly network: Walkthrough;
  readonly walk: Walk;
  readonly axis: TimeAxis;
  readonly palette: Palette;
  /** At the playhead. */
  readonly step: number;
  readonly seek: (seconds: number) => void;
}

/** The first of a step's frames, its own. */
export const ownFrame = ({ axis, step }: Pick<WalkView, "axis" | "step">): number =>
  Math.min(Math.max(0, axis.frames - 1), step * axis.stride);

/** A symbol as it is shown: the blank and the space have no letter. */
export function shownSymbol(network: Pick<Walkthrough, "alphabet">, symbol: number): string {
  if (symbol === network.alphabet.blank) return "–";
  const text = network.alphabet.symbols[symbol];
  return text === " " ? "␣" : text;
}
