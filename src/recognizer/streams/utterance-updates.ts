// What is made of the sound of a stream before anything is decoded: where utterances begin and end, and what the models say of
// them. Plain data, which can cross between threads; how the sound is cut into pieces makes no difference to it.

import type { SoundLevels } from "../../audio/index.ts";
import type { Emission } from "../../ctc/index.ts";
import type { Warning } from "../../errors.ts";
import type { EndedBy } from "./events.ts";

export type UtteranceUpdate =
  /** @field startMs of the first row @field timeMs of the first sound */
  | { readonly kind: "start"; readonly startMs: number; readonly timeMs: number }
  /** The next rows [n, V] of the utterance, natural logarithms: of models that need nothing later. */
  | { readonly kind: "rows"; readonly rows: Float32Array }
  | UtteranceEnd
  | { readonly kind: "no-speech"; readonly timeMs: number };

export interface UtteranceEnd {
  readonly kind: "end";
  /** Of the last sound. */
  readonly timeMs: number;
  /** Of the utterance. */
  readonly endMs: number;
  readonly endedBy: EndedBy;
  /** How loud it is, from `levelsStartMs` on. */
  readonly levels: SoundLevels;
  readonly levelsStartMs: number;
  /** What the models say of its parts: of models that need the whole utterance. */
  readonly parts?: readonly { readonly startMs: number; readonly part: readonly Emission[] }[];
}

/** Sound in, what is known of its utterances out. One call at a time. */
export interface UtteranceStream {
  /** What is worth knowing of how it runs. */
  readonly warnings?: readonly Warning[];
  /** @param samples mono at the stream's rate, in [-1, 1]; they belong to the stream from now on */
  push(samples: Float32Array): Promise<UtteranceUpdate[]>;
  /** Ends the stream: the utterance that nothing has ended yet. */
  finish(): Promise<UtteranceUpdate[]>;
  /** Frees what a stream holds that will not be finished; one that is finished holds nothing. */
  close(): Promise<void>;
}
