// The beam search watched: which texts are in the beam after each step, and how likely. The same search as that of a stream
// (beam-stream.ts), but nothing is handed out before the end, so that every text is there from its beginning.

import type { Alphabet } from "../../text/index.ts";
import { stepsOf } from "../log-probabilities.ts";
import type { Beam } from "./beam.ts";

/** A text in the beam. Natural logarithms. */
export interface WatchedText {
  readonly text: string;
  /** Of all paths in the beam that spell it and end in the blank; in its last symbol; of both. */
  readonly blank: number;
  readonly label: number;
  readonly total: number;
  /** What the beam picks by: `total`, and what language model and hot words add. */
  readonly rank: number;
}

export interface BeamStep {
  /** The best first. */
  readonly texts: readonly WatchedText[];
  /** How many there are, also those that are not among `texts`. */
  readonly size: number;
}

/** @param rows [T, V], natural logarithms @param most texts of a step @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES */
export function beamSteps(beam: Beam, alphabet: Alphabet, rows: Float32Array, most: number): BeamStep[] {
  const V = alphabet.size;
  return Array.from({ length: stepsOf(rows, V) }, (_, t) => {
    beam.step(rows, t * V, t);
    const best = [...beam.nodes.subarray(0, beam.size)].toSorted((a, b) => beam.rank(b) - beam.rank(a));
    return { texts: best.slice(0, most).map((node) => watched(beam, alphabet, node)), size: beam.size };
  });
}

function watched(beam: Beam, alphabet: Alphabet, node: number): WatchedText {
  const { tree } = beam;
  return {
    text: alphabet.decode(tree.labelsOf(node)),
    blank: tree.blank[node],
    label: tree.label[node],
    total: tree.total[node],
    rank: beam.rank(node),
  };
}
