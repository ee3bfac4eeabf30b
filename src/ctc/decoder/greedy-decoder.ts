// Greedy decoding as a stream (Graves et al. 2006, section 3.2): the likeliest symbol of each step, repeats collapsed,
// blanks removed. Words get the times of the likeliest path that spells them. That is the path of the likeliest symbols
// itself, so a word is final as soon as it has ended. Only where two symbols of a step are equally likely do several paths
// share the first place, and differ in when labels begin: from there on words wait for the end, where viterbi.ts decides.

import { bestPath, type BestPath } from "../alignment/viterbi.ts";
import { laterBy, timeWord, wordRanges, type TimedWord } from "../alignment/words.ts";
import type { Alphabet } from "../../text/index.ts";
import { checkSum, stepsOf } from "../log-probabilities.ts";
import { decoderFinished } from "./decoder.ts";
import type { DecodedText, Decoder, DecoderStream, Emission, PartialText } from "./decoder.ts";
import { decoderSettings } from "./decoder-settings.ts";
import { notANumber } from "./greedy.ts";
import { KeptRows } from "./kept-rows.ts";
import { decodeJointly } from "./joint-decoder.ts";
import { TextModel } from "./text-model.ts";
import { joiningPieces, unfinishedText } from "./word-pieces.ts";

/** Several models have no best path in common: their text is searched for, with nothing but what they say. */
const JOINT_SETTINGS = decoderSettings.parse({ alpha: 0, beta: 0, beam: 16 });

export class GreedyDecoder implements Decoder {
  readonly alphabet: Alphabet;

  constructor(alphabet: Alphabet) {
    this.alphabet = alphabet;
  }

  open(): DecoderStream {
    return joiningPieces(new GreedyStream(this.alphabet), this.alphabet);
  }

  /** The text that the models find likeliest together, found by a search; where none is possible, that of the first. */
  decodeTogether(emissions: readonly Emission[]): readonly DecodedText[] {
    const text = new TextModel(this.alphabet, JOINT_SETTINGS, {});
    const texts = decodeJointly(emissions, this.alphabet, JOINT_SETTINGS, text);
    return texts.length > 0 ? texts : this.decode(emissions[0].rows);
  }

  /** The text of one recording; `logProbabilities` is [T, V]. @throws SHAPE_MISMATCH, NOT_FINITE, NOT_LOG_PROBABILITIES */
  decode(logProbabilities: Float32Array): readonly DecodedText[] {
    return this.open().finish(logProbabilities);
  }
}

/** Work and memory of the alignment at the end, in table entries: an hour of English with a tie in its first minute. */
const LARGEST_ALIGNMENT = 2 ** 25;

class GreedyStream implements DecoderStream {
  readonly #alphabet: Alphabet;
  readonly #space: number;
  readonly #kept: KeptRows;
  /** What has been spelled since the last word handed out, without spaces at its beginning or two in a row. */
  #labels: number[] = [];
  /** [L], the first step of each label, and the step after its last. */
  #starts: number[] = [];
  #ends: number[] = [];
  /** The likeliest symbol of the step before. */
  #previous: number;
  /** Whether a tie left more than one likeliest path for these labels. */
  #isAmbiguous = false;
  #steps = 0;
  /** ln of the probability of the best path. */
  #score = 0;
  #isFinished = false;

  constructor(alphabet: Alphabet) {
    this.#alphabet = alphabet;
    this.#space = alphabet.symbols.indexOf(" ");
    this.#kept = new KeptRows(alphabet, this.#space);
    this.#previous = alphabet.blank;
  }

  push(rows: Float32Array): PartialText {
    const words = this.#take(rows);
    return { words, text: unfinishedText(this.#labels, this.#alphabet), settled: 0 };
  }

  finish(rows: Float32Array = new Float32Array(0)): readonly DecodedText[] {
    const words = [...this.#take(rows), ...this.#timeWords()];
    this.#isFinished = true;
    const spelled = words.map(({ text }) => text).join(this.#space < 0 ? "" : " ");
    return [{ text: spelled.normalize("NFC"), words, score: this.#score, acousticScore: this.#score }];
  }

  #take(rows: Float32Array): TimedWord[] {
    if (this.#isFinished) throw decoderFinished();
    const V = this.#alphabet.size;
    const steps = stepsOf(rows, V);
    const words: TimedWord[] = [];
    let after = 0; // the first of these rows that has been neither kept nor dropped
    for (let t = 0; t < steps; t++) {
      const symbol = this.#read(rows, t * V);
      if (!this.#isAmbiguous && this.#endsWord(symbol)) {
        this.#kept.add(rows.subarray(after * V, t * V));
        words.push(...this.#settle());
        after = t;
      }
      this.#spell(symbol);
      this.#steps++;
      if (this.#labels.length > 0 || this.#isAmbiguous) continue;
      this.#kept.dropBefore(this.#steps);
      after = t + 1;
    }
    this.#kept.add(rows.subarray(after * V, steps * V));
    return words;
  }

  /** The likeliest symbol of a step. */
  #read(rows: Float32Array, at: number): number {
    const end = at + this.#alphabet.size;
    let sum = 0;
    for (let k = at; k < end; k++) sum += Math.exp(rows[k]);
    let best = at;
    let isTie = false;
    for (let k = at + 1; k < end; k++) {
      if (rows[k] < rows[best]) continue;
      isTie = rows[k] === rows[best];
      if (!isTie) best = k;
    }
    if (Number.isNaN(sum)) throw notANumber(0, this.#steps);
    checkSum(sum, this.#steps);
    this.#score += rows[best];
    this.#isAmbiguous = (this.#isAmbiguous || isTie) && this.#isAlignable();
    return best - at;
  }

  /** Whether the labels may wait: past that, the path of the likeliest symbols is taken. */
  #isAlignable(): boolean {
    const width = Math.max(this.#alphabet.size, 2 * this.#labels.length + 1);
    return (this.#steps - this.#kept.firstStep) * width <= LARGEST_ALIGNMENT;
  }

  /** Whether no later step can change the words so far: a space has come, or without spaces another symbol. */
  #endsWord(symbol: number): boolean {
    if (this.#labels.length === 0 || symbol === this.#previous) return false;
    return symbol === this.#space || this.#space < 0;
  }

  /** The symbol of a step: it begins a label, or goes on with the last one. */
  #spell(symbol: number): void {
    const last = this.#labels.length - 1;
    const isNew = symbol !== this.#previous;
    this.#previous = symbol;
    if (symbol === this.#alphabet.blank) return;
    const isExtraSpace = symbol === this.#space && (last < 0 || this.#labels[last] === symbol);
    if (isNew && !isExtraSpace) {
      this.#labels.push(symbol);
      this.#starts.push(this.#steps);
      this.#ends.push(this.#steps + 1);
    } else if (last >= 0) this.#ends[last] = this.#steps + 1;
  }

  /** Hands out the words spelled so far, and forgets them. */
  #settle(): TimedWord[] {
    const words = this.#timeWords();
    [this.#labels, this.#starts, this.#ends] = [[], [], []];
    this.#kept.dropBefore(this.#steps);
    return words;
  }

  #timeWords(): TimedWord[] {
    const { firstStep } = this.#kept;
    const span = this.#kept.span();
    const count = this.#labels.at(-1) === this.#space ? this.#labels.length - 1 : this.#labels.length;
    const labels = Int32Array.from(this.#labels.slice(0, count));
    const own: BestPath = {
      starts: Int32Array.from(this.#starts, (step) => step - firstStep),
      ends: Int32Array.from(this.#ends, (step) => step - firstStep),
      score: this.#score,
    };
    const path = this.#isAmbiguous ? (bestPath(labels, span) ?? own) : own;
    const words = wordRanges(labels, this.#space).map((range) =>
      timeWord(labels, range, path, span, this.#alphabet),
    );
    return laterBy(firstStep, words);
  }
}
