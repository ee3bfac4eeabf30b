// A recording as the parts that were made of its pieces, of their rows or of their texts for example.

import type { SoundLevels } from "../audio/index.ts";
import type { Warning } from "../errors.ts";

export interface PlacedPart<Part> {
  readonly startMs: number;
  readonly part: Part;
  /** Whether somebody may have spoken on from the part before. */
  readonly followsSeam?: true;
}

/** A recording as what was made of each of its pieces, of its rows for example. */
export interface RecordingParts<Part> {
  readonly parts: readonly PlacedPart<Part>[];
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
  /** How loud it is, as `soundLevels` says; absent where only its frames are known. */
  readonly levels?: SoundLevels;
}
