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

/** What all texts in the beam agreed on after a step of the stream, where words may be handed out. */
interface Agreement {
  /** The labels that all begin with: their number, those handed out before among them. */
  readonly agreed: number;
  /** The labels of the best text behind them. */
  readonly pending: readonly number[];
  readonly step: number;
}

/** The words that were settled before the end, and how many labels had been handed out then. */
interface Settled {
  readonly words: readonly TimedWord[];
  readonly labels: number;
}

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
  /** How many labels have been handed out. */
  #handedOut = 0;
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
    const words = this.#take(logProbabilities).flatMap((agreement) => this.#settle(agreement));
    const labels = this.#labels(this.#beam.tree.labelsOf(this.#beam.best()));
    return { words, text: unfinishedText(labels, this.#alphabet), settled: this.#settledLength() };
  }

  finish(logProbabilities: Float32Array = new Float32Array(0)): DecodedText[] {
    const agreements = this.#take(logProbabilities);
    this.#isFinished = true;
    const texts = finalTexts(this.#beam, this.#text, this.#settings.nBest);
    let settled: Settled | undefined;
    const settle = () =>
      (settled ??= { words: agreements.flatMap((each) => this.#settle(each)), labels: this.#handedOut });
    const decoded = texts.map((text) => this.#decoded(text, settle));
    this.#release();
    return decoded;
  }

  /** @returns what all texts agreed on, wherever words may be handed out */
  #take(rows: Float32Array): Agreement[] {
    if (this.#isFinished) throw decoderFinished();
    const V = this.#alphabet.size;
    const steps = stepsOf(rows, V);
    const agreements: Agreement[] = [];
    for (let t = 0; t < steps; t++) {
      this.#beam.step(rows, t * V, this.#steps);
      this.#steps++;
      this.#agree();
      if (this.#steps % SETTLE_EVERY !== 0) continue;
      const agreed = this.#handedOut + this.#agreed.length;
      agreements.push({ agreed, pending: this.#beam.tree.labelsOf(this.#beam.best()), step: this.#steps });
    }
    this.#kept.add(rows);
    return agreements;
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
  #settle({ agreed, pending, step }: Agreement): TimedWord[] {
    const { space } = this.#text;
    const known = this.#agreed.slice(0, agreed - this.#handedOut);
    const end = space < 0 ? known.length : known.lastIndexOf(space);
    if (end <= 0) return [];
    const labels = Int32Array.from([...known, ...pending]);
    const ranges = wordRanges(labels, space);
    const mass = this.#agreedMass.slice(0, known.length);
    for (let label = 0; label <= pending.length; label++) mass.push(0); // is not handed out
    const words = this.#timeWords(labels, mass, step);
    const latest = step - LOOKAHEAD;
    let settled = 0;
    while (settled < words.length && ranges[settled].after <= end && words[settled].endStep <= latest)
      settled++;
    if (settled === 0) return [];
    this.#handedOut += ranges[settled - 1].after;
    this.#agreed.splice(0, ranges[settled - 1].after);
    this.#agreedMass.splice(0, ranges[settled - 1].after);
    this.#kept.dropBefore(words[settled - 1].endStep);
    return words.slice(0, settled);
  }

  /** What all agree on and has not been handed out, with what follows it. */
  #labels(pending: readonly number[]): Int32Array {
    return Int32Array.from([...this.#agreed, ...pending]);
  }

  /** @param beforeStep the steps from there on are left out */
  #timeWords(labels: Int32Array, prunedMass: readonly number[], beforeStep: number): TimedWord[] {
    const span = this.#kept.span(beforeStep);
    return laterBy(this.#kept.firstStep, timeWords(labels, prunedMass, span, this.#alphabet));
  }

  /** Words are timed when they are asked for: that takes longer than the search does where a network is sure. */
  #decoded(final: FinalText, settle: () => Settled): DecodedText {
    const { score, acousticScore, isUnfinished, prunedMass } = final;
    const { space } = this.#text;
    const all = this.#labels(final.labels);
    const labels = isUnfinished ? all.subarray(0, Math.max(0, all.lastIndexOf(space))) : all;
    const texts = wordRanges(labels, space).map(({ first, after }) =>
      this.#alphabet.decode(labels.subarray(first, after)),
    );
    const mass = [...this.#agreedMass, ...prunedMass];
    const handedOut = this.#handedOut;
    const timed = (): TimedWord[] => {
      const before = settle();
      const from = before.labels - handedOut;
      return [...before.words, ...this.#timeWords(labels.subarray(from), mass.slice(from), this.#steps)];
    };
    let words: TimedWord[] | undefined;
    return {
      text: texts.join(space < 0 ? "" : " "),
      get words() {
        return (words ??= timed());
      },
      score,
      acousticScore,
      ...(isUnfinished ? { isUnfinished } : {}),
    };
  }
}
