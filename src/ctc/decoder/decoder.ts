// What every decoder is to its callers: a stream that takes rows of log-probabilities as they come and gives words as soon
// as they are final. A recording is such a stream fed once: `decoder.open().finish(rows)`. Knows nothing of how texts are
// found (greedy-decoder.ts, beam-decoder.ts, joint-decoder.ts), nor where recordings come from.

import { EarshotError, type Warning } from "../../errors.ts";
import type { Alphabet } from "../../text/index.ts";
import type { TimedWord } from "../alignment/words.ts";
import type { Meaning } from "./constraint.ts";

export interface Decoder {
  readonly alphabet: Alphabet;
  /** Whether its texts are the sentences of a grammar, and no others. */
  readonly hasGrammar?: boolean;
  /** What it was given and does not use, if any. */
  readonly warnings?: readonly Warning[];
  /** A stream that knows nothing of any other. */
  open(): DecoderStream;
  /**
   * The best texts by what several models say of one recording, the best first; one at least. Steps are those of the first.
   * @throws what `DecoderStream.push` throws
   */
  decodeTogether(emissions: readonly Emission[]): readonly DecodedText[];
}

/** What a model says of a recording, alone or beside others. */
export interface Emission {
  /** [T, V], natural logarithms. */
  readonly rows: Float32Array;
  /** From one row to the next. */
  readonly stepMs: number;
  /** Its share in what all models say, above 0; the shares of all add up to 1. */
  readonly weight: number;
}

/** The best texts of one recording, by what one model says of it or several together. */
export function decodeEmissions(decoder: Decoder, emissions: readonly Emission[]): readonly DecodedText[] {
  return emissions.length > 1 ? decoder.decodeTogether(emissions) : decoder.open().finish(emissions[0].rows);
}

/** How the rows are cut into chunks makes no difference to words, times and scores. */
export interface DecoderStream {
  /**
   * Takes the next rows [T, V], natural logarithms, T from 0 up.
   * @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES, NOT_FINITE, DECODER_FINISHED
   */
  push(rows: Float32Array): PartialText;
  /**
   * Ends the stream: the best texts of what has not been handed out yet, the best first; one at least.
   * @param rows [T, V], the last ones, if any
   * @throws what `push` throws
   */
  finish(rows?: Float32Array): readonly DecodedText[];
}

/** What is known of a stream that goes on. */
export interface PartialText {
  /** Words that became final since the last call. */
  readonly words: readonly TimedWord[];
  /** The likeliest text after all words handed out so far; it may still change. */
  readonly text: string;
  /** Of `text` the first characters, whole words, that no later row changes: all that is still possible begins so. */
  readonly settled: number;
}

export interface DecodedText {
  readonly text: string;
  readonly words: readonly TimedWord[];
  /** Q(c) of Hannun et al. 2014, eq. 12, with hot words and unknown words, in nats; of the whole stream. */
  readonly score: number;
  /**
   * The network's share of the score: ln P(c|x); of several the weighted mean; of one whose text was found greedily, that of
   * the best path alone.
   */
  readonly acousticScore: number;
  /**
   * What the text means in the decoder's grammar; null where no sentence of it fits what was said, and the text is empty;
   * absent without a grammar.
   */
  readonly meaning?: Meaning | null;
  /** Every text found ends in a word that is not in the dictionary, and this one is cut before that. */
  readonly isUnfinished?: true;
  /** Of the best text of a decoder that rejects: how likely it is that it was said at all, 0 to 1; 0 of an empty text. */
  readonly confidence?: number;
  /** Why the text is empty, where one was found and not accepted, or none that is a sentence of the grammar. */
  readonly rejected?: RejectedText;
}

/** Why a text is not accepted: sound in which hardly anything is spelled, or speech that is something else. */
export type RejectionReason = "noise" | "not-a-command";

export interface RejectedText {
  readonly reason: RejectionReason;
  /** The text that was likeliest nevertheless; where no sentence of a grammar was, what the network spells without it. */
  readonly best: string;
  /** That it was said. */
  readonly confidence: number;
}

export function decoderFinished(): EarshotError {
  return new EarshotError({
    code: "DECODER_FINISHED",
    where: "decoder",
    problem: "The stream has been finished already.",
    remedy: "Begin a new stream for each recording.",
  });
}
