// A decoder of one stream: rows of log-probabilities in, as they come; words out as soon as all that the beam holds
// agree on them. What is handed out is forgotten, so that time and memory for a second do not grow with the stream. All
// happens step by step: how the rows are cut into chunks makes no difference.

import { EarshotError } from "../../errors.ts";
import type { Alphabet } from "../../text/index.ts";
import type { Beam } from "./beam.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import { finalTexts, type FinalText } from "./final-texts.ts";
import { stepsOf } from "../log-probabilities.ts";
import type { TextModel } from "./text-model.ts";
import { timeWords, wordRanges, type TimedWord } from "../alignment/words.ts";

/** What is known of a stream that goes on. */
export interface PartialText {
  /** Words that are final, since the last time. */
  readonly words: readonly TimedWord[];
  /** The likeliest text after all words handed out so far; it may still change. */
  readonly text: string;
}

export interface DecodedText {
  readonly text: string;
  readonly words: readonly TimedWord[];
  /** Q(c) of Hannun et al. 2014, eq. 12, with hot words and unknown words; in nats. */
  readonly score: number;
  /** ln P(c|x), of the network alone. */
  readonly acousticScore: number;
}

const SETTLE_EVERY = 50; // steps, 1 s at a hop of 10 ms and stride 2
const LOOKAHEAD = 50; // steps after a word that its times may depend on

export class BeamStream {
  readonly #alphabet: Alphabet;
  readonly #settings: DecoderSettings;
  readonly #text: TextModel;
  readonly #beam: Beam;
  /** The labels that all texts in the beam begin with, after the words handed out. */
  #agreed: number[] = [];
  /** The share of the beam's probability that went another way at each of them. */
  #agreedDoubts: number[] = [];
  /** [T, V], the rows after the words handed out; the first is step `#firstStep`. */
  #rows: Float32Array;
  #firstStep = 0;
  #steps = 0;
  #isFinished = false;

  constructor(alphabet: Alphabet, settings: DecoderSettings, text: TextModel, beam: Beam) {
    this.#alphabet = alphabet;
    this.#settings = settings;
    this.#text = text;
    this.#beam = beam;
    this.#rows = new Float32Array(4 * SETTLE_EVERY * alphabet.size);
  }

  /**
   * Takes the next rows [T, V], T from 0 up.
   * @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES, DECODER_FINISHED
   */
  push(logProbabilities: Float32Array): PartialText {
    const words = this.#take(logProbabilities);
    const labels = this.#labels(this.#beam.tree.labelsOf(this.#beam.best()));
    return { words, text: this.#alphabet.decode(labels).trim() };
  }

  /**
   * Ends the stream: the best texts of what has not been handed out yet, the best first; one at least.
   * @param logProbabilities [T, V], the last rows, if any
   */
  finish(logProbabilities: Float32Array = new Float32Array(0)): DecodedText[] {
    const words = this.#take(logProbabilities);
    this.#isFinished = true;
    const texts = finalTexts(this.#beam, this.#text, this.#settings.nBest);
    return texts.map((text) => this.#decoded(text, words));
  }

  #take(rows: Float32Array): TimedWord[] {
    if (this.#isFinished) throw finished();
    const V = this.#alphabet.size;
    const steps = stepsOf(rows, V);
    const words: TimedWord[] = [];
    for (let t = 0; t < steps; t++) {
      this.#beam.step(rows, t * V, this.#steps);
      this.#retain(rows, t * V);
      this.#steps++;
      this.#agree();
      if (this.#steps % SETTLE_EVERY === 0) words.push(...this.#settle());
    }
    return words;
  }

  /** Takes the symbols that all texts in the beam begin with. */
  #agree(): void {
    const { tree } = this.#beam;
    for (;;) {
      const doubt = tree.lost[this.#beam.root];
      if (!this.#beam.advance()) return;
      this.#agreed.push(tree.symbol[this.#beam.root]);
      this.#agreedDoubts.push(doubt);
    }
  }

  /** Keeps the row that begins at `from`. */
  #retain(rows: Float32Array, from: number): void {
    const V = this.#alphabet.size;
    const at = (this.#steps - this.#firstStep) * V;
    if (at + V > this.#rows.length) {
      const larger = new Float32Array(2 * this.#rows.length);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    for (let k = 0; k < V; k++) this.#rows[at + k] = rows[from + k];
  }

  /** Hands out the agreed words that ended long enough ago, and forgets them. */
  #settle(): TimedWord[] {
    const { space } = this.#text;
    const end = space < 0 ? this.#agreed.length : this.#agreed.lastIndexOf(space);
    if (end <= 0) return [];
    const labels = this.#labels(this.#beam.tree.labelsOf(this.#beam.best()));
    const ranges = wordRanges(labels, space);
    const pending = Array.from({ length: labels.length + 1 - this.#agreed.length }, () => 0); // is not handed out
    const words = this.#timeWords(labels, [...this.#agreedDoubts, ...pending]);
    const latest = this.#steps - LOOKAHEAD;
    let settled = 0;
    while (settled < words.length && ranges[settled].after <= end && words[settled].endStep <= latest)
      settled++;
    if (settled === 0) return [];
    this.#agreed.splice(0, ranges[settled - 1].after);
    this.#agreedDoubts.splice(0, ranges[settled - 1].after);
    this.#forget(words[settled - 1].endStep);
    return words.slice(0, settled);
  }

  /** Drops the rows before a step. */
  #forget(before: number): void {
    const V = this.#alphabet.size;
    this.#rows.copyWithin(0, (before - this.#firstStep) * V, (this.#steps - this.#firstStep) * V);
    this.#firstStep = before;
  }

  /** What all agree on and has not been handed out, with what follows it. */
  #labels(pending: readonly number[]): Int32Array {
    return Int32Array.from([...this.#agreed, ...pending]);
  }

  #timeWords(labels: Int32Array, doubts: readonly number[]): TimedWord[] {
    const { size, blank } = this.#alphabet;
    const toStep = this.#steps - this.#firstStep;
    const stretch = { rows: this.#rows, fromStep: 0, toStep, symbols: size, blank, space: this.#text.space };
    return timeWords(labels, doubts, stretch, this.#alphabet).map(({ startStep, endStep, ...word }) => {
      return { ...word, startStep: startStep + this.#firstStep, endStep: endStep + this.#firstStep };
    });
  }

  #decoded(final: FinalText, before: readonly TimedWord[]): DecodedText {
    const { score, acousticScore, isUnfinished, doubts } = final;
    const { space } = this.#text;
    const all = this.#labels(final.labels);
    const labels = isUnfinished ? all.subarray(0, Math.max(0, all.lastIndexOf(space))) : all;
    const words = [...before, ...this.#timeWords(labels, [...this.#agreedDoubts, ...doubts])];
    return { text: words.map(({ text }) => text).join(space < 0 ? "" : " "), words, score, acousticScore };
  }
}

function finished(): EarshotError {
  return new EarshotError({
    code: "DECODER_FINISHED",
    where: "decoder",
    problem: "The stream has been finished already.",
    remedy: "Begin a new stream for each recording.",
  });
}
