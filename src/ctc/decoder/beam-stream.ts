// The beam search over one stream: words are handed out as soon as all texts in the beam agree on them. What was handed out
// is forgotten, so that time and memory for a second do not grow with the stream. Everything is done step by step, which is
// why it makes no difference how the rows are cut into chunks.

import type { Alphabet } from "../../text/index.ts";
import type { Beam } from "./beam.ts";
import { decoderFinished, type DecodedText, type DecoderStream, type PartialText } from "./decoder.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import { finalTexts, type FinalText } from "./final-texts.ts";
import { KeptRows } from "./kept-rows.ts";
import { stepsOf } from "../log-probabilities.ts";
import type { TextScores } from "./text-scores.ts";
import { unfinishedText } from "./word-pieces.ts";
import { laterBy, timeWords, wordRanges, type TimedWord } from "../alignment/words.ts";

const SETTLE_EVERY = 50; // steps, 1 s at a hop of 10 ms and stride 2
const LOOKAHEAD = 50; // steps after a word on which its times may still depend

export class BeamStream implements DecoderStream {
  readonly #alphabet: Alphabet;
  readonly #settings: DecoderSettings;
  readonly #text: TextScores;
  readonly #beam: Beam;
  /** The labels that all texts in the beam begin with, after the words handed out. */
  #agreed: number[] = [];
  /** Pruned probability mass: the share of the beam that went another way at each of them. */
  #agreedMass: number[] = [];
  /** The rows after the words handed out. */
  readonly #kept: KeptRows;
  #steps = 0;
  #isFinished = false;
  readonly #release: () => void;

  /** @param release is called when the stream is finished and needs the beam no more */
  constructor(
    alphabet: Alphabet,
    settings: DecoderSettings,
    text: TextScores,
    beam: Beam,
    release: () => void,
  ) {
    this.#release = release;
    this.#alphabet = alphabet;
    this.#settings = settings;
    this.#text = text;
    this.#beam = beam;
    this.#kept = new KeptRows(alphabet, text.space);
  }

  push(logProbabilities: Float32Array): PartialText {
    const words = this.#take(logProbabilities);
    const labels = this.#labels(this.#beam.tree.labelsOf(this.#beam.best()));
    return { words, text: unfinishedText(labels, this.#alphabet), settled: this.#settledLength() };
  }

  finish(logProbabilities: Float32Array = new Float32Array(0)): DecodedText[] {
    const words = this.#take(logProbabilities);
    this.#isFinished = true;
    const texts = finalTexts(this.#beam, this.#text, this.#settings.nBest);
    const decoded = texts.map((text) => this.#decoded(text, words));
    this.#release();
    return decoded;
  }

  #take(rows: Float32Array): TimedWord[] {
    if (this.#isFinished) throw decoderFinished();
    const V = this.#alphabet.size;
    const steps = stepsOf(rows, V);
    const words: TimedWord[] = [];
    this.#kept.reserve(rows.length);
    let kept = 0;
    for (let t = 0; t < steps; t++) {
      this.#beam.step(rows, t * V, this.#steps);
      this.#steps++;
      this.#agree();
      if (this.#steps % SETTLE_EVERY !== 0) continue;
      this.#kept.add(rows, kept * V, (t + 1) * V);
      kept = t + 1;
      words.push(...this.#settle());
    }
    this.#kept.add(rows, kept * V, steps * V);
    return words;
  }

  /** Takes the symbols that all texts in the beam begin with. */
  #agree(): void {
    const { tree } = this.#beam;
    for (;;) {
      const mass = tree.prunedMass[this.#beam.root];
      if (!this.#beam.advance()) return;
      this.#agreed.push(tree.symbol[this.#beam.root]);
      this.#agreedMass.push(mass);
    }
  }

  /** Characters of the agreed words that have not been handed out: their times are not certain yet. */
  #settledLength(): number {
    const end = this.#text.space < 0 ? 0 : this.#agreed.lastIndexOf(this.#text.space);
    return unfinishedText(this.#agreed.slice(0, Math.max(0, end)), this.#alphabet).length;
  }

  /** Hands out the agreed words that ended long enough ago, and forgets them. */
  #settle(): TimedWord[] {
    const { space } = this.#text;
    const end = space < 0 ? this.#agreed.length : this.#agreed.lastIndexOf(space);
    if (end <= 0) return [];
    const labels = this.#labels(this.#beam.tree.labelsOf(this.#beam.best()));
    const ranges = wordRanges(labels, space);
    const pending = Array.from({ length: labels.length + 1 - this.#agreed.length }, () => 0); // is not handed out
    const words = this.#timeWords(labels, [...this.#agreedMass, ...pending]);
    const latest = this.#steps - LOOKAHEAD;
    let settled = 0;
    while (settled < words.length && ranges[settled].after <= end && words[settled].endStep <= latest)
      settled++;
    if (settled === 0) return [];
    this.#agreed.splice(0, ranges[settled - 1].after);
    this.#agreedMass.splice(0, ranges[settled - 1].after);
    this.#kept.dropBefore(words[settled - 1].endStep);
    return words.slice(0, settled);
  }

  /** What all agree on and has not been handed out, with what follows it. */
  #labels(pending: readonly number[]): Int32Array {
    return Int32Array.from([...this.#agreed, ...pending]);
  }

  #timeWords(labels: Int32Array, prunedMass: readonly number[]): TimedWord[] {
    return laterBy(this.#kept.firstStep, timeWords(labels, prunedMass, this.#kept.span(), this.#alphabet));
  }

  /** Words are timed when they are asked for: that takes longer than the search does where a network is sure. */
  #decoded(final: FinalText, before: readonly TimedWord[]): DecodedText {
    const { score, acousticScore, isUnfinished, prunedMass } = final;
    const { space } = this.#text;
    const all = this.#labels(final.labels);
    const labels = isUnfinished ? all.subarray(0, Math.max(0, all.lastIndexOf(space))) : all;
    const later = wordRanges(labels, space).map(({ first, after }) =>
      this.#alphabet.decode(labels.subarray(first, after)),
    );
    const text = [...before.map((word) => word.text), ...later].join(space < 0 ? "" : " ");
    const mass = [...this.#agreedMass, ...prunedMass];
    const timed = (): TimedWord[] => [...before, ...this.#timeWords(labels, mass)];
    let words: TimedWord[] | undefined;
    return {
      text,
      get words() {
        return (words ??= timed());
      },
      score,
      acousticScore,
      ...(isUnfinished ? { isUnfinished } : {}),
    };
  }
}
