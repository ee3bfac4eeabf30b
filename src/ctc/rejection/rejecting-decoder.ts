// A decoder that says how sure it is that its text was said at all, and gives none where it is not sure enough: a
// calibration tells utterances from noise and from other speech. Whatever decoder finds the text is inside. Until a text is
// accepted nothing of it is final. Knows nothing of recordings.

import type { Warning } from "../../errors.ts";
import type { Alphabet } from "../../text/index.ts";
import type { TimedWord } from "../alignment/words.ts";
import {
  decodeEmissions,
  decoderFinished,
  type DecodedText,
  type Decoder,
  type DecoderStream,
  type Emission,
  type PartialText,
} from "../decoder/decoder.ts";
import { GreedyDecoder } from "../decoder/greedy-decoder.ts";
import { KeptRows } from "../decoder/kept-rows.ts";
import { confidenceOf, type Rejection } from "./calibration.ts";
import { evidenceOf, type Evidence } from "./evidence.ts";
import { explained } from "./outside-grammar.ts";

/** What is longer is no utterance but a recording of several: it is neither held back nor rejected. */
const LONGEST_UTTERANCE_MS = 40_000;
/** Speech spells more symbols in a second. */
const SPEECH_SYMBOLS_PER_SECOND = 3;

/** The best text of what the models say of an utterance, and what speaks for it. */
export function textWithEvidence(
  decoder: Decoder,
  emissions: readonly Emission[],
): { readonly text: string; readonly evidence?: Evidence } {
  const [{ text }] = decodeEmissions(decoder, emissions);
  if (text === "") return { text };
  const { alphabet } = decoder;
  return { text, evidence: evidenceOf(text, rowsOf(emissions[0], alphabet).span(), alphabet) };
}

/** What texts are judged by. */
interface Judgment {
  readonly alphabet: Alphabet;
  readonly hasGrammar: boolean;
  readonly rejection: Rejection;
  readonly stepMs: number;
}

export class RejectingDecoder implements Decoder {
  readonly alphabet: Alphabet;
  readonly hasGrammar?: boolean;
  readonly warnings: readonly Warning[];
  readonly #decoder: Decoder;
  readonly #judgment: Judgment;

  constructor(decoder: Decoder, rejection: Rejection, stepMs: number) {
    const { alphabet, hasGrammar = false, warnings = [] } = decoder;
    this.alphabet = alphabet;
    this.hasGrammar = hasGrammar;
    this.warnings = [...warnings, ...otherCalibration(decoder, rejection)];
    this.#decoder = decoder;
    this.#judgment = { alphabet, hasGrammar, rejection, stepMs };
  }

  open(): DecoderStream {
    return new RejectingStream(this.#decoder.open(), this.#judgment);
  }

  /** Judged by what the first model says. */
  decodeTogether(emissions: readonly Emission[]): readonly DecodedText[] {
    const texts = this.#decoder.decodeTogether(emissions);
    const kept = rowsOf(emissions[0], this.alphabet);
    return judged(texts, kept, { ...this.#judgment, stepMs: emissions[0].stepMs });
  }
}

/** Sentences of a grammar explain what is none of them worse than a free text does: their threshold may be too low for that. */
function otherCalibration({ hasGrammar }: Decoder, { calibratedWith }: Rejection): Warning[] {
  if (calibratedWith !== "grammar" || hasGrammar) return [];
  const message =
    "What to reject was learned with a grammar, and there is none now: more may be accepted than was asked for. Give the grammar, or calibrate without one (earshot tune --reject).";
  return [{ code: "OTHER_CALIBRATION", message }];
}

class RejectingStream implements DecoderStream {
  readonly #stream: DecoderStream;
  readonly #judgment: Judgment;
  readonly #kept: KeptRows;
  /** Words that would be final, were the text accepted. */
  #held: TimedWord[] = [];
  #steps = 0;
  #isFinished = false;

  constructor(stream: DecoderStream, judgment: Judgment) {
    this.#stream = stream;
    this.#judgment = judgment;
    this.#kept = keptRows(judgment.alphabet);
  }

  push(rows: Float32Array): PartialText {
    if (this.#isFinished) throw decoderFinished();
    const { words, text, settled } = this.#stream.push(rows);
    this.#keep(rows);
    this.#held.push(...words);
    if (!this.#isLong)
      return { words: [], text: joined(this.#held, text, this.#judgment.alphabet), settled: 0 };
    const held = this.#held;
    this.#held = [];
    return { words: held, text, settled };
  }

  finish(rows: Float32Array = new Float32Array(0)): readonly DecodedText[] {
    const found = this.#stream.finish(rows);
    this.#keep(rows);
    this.#isFinished = true;
    const texts = found.map((decoded) => {
      if (decoded.meaning === null) return decoded; // no sentence of the grammar after all
      const { text, words, ...scores } = decoded;
      const all = [...this.#held, ...words];
      return { ...scores, text: joined(this.#held, text, this.#judgment.alphabet), words: all };
    });
    if (this.#isLong) return texts;
    return judged(texts, this.#kept, this.#judgment);
  }

  get #isLong(): boolean {
    return this.#steps * this.#judgment.stepMs > LONGEST_UTTERANCE_MS;
  }

  #keep(rows: Float32Array): void {
    this.#steps += rows.length / this.#judgment.alphabet.size;
    if (this.#isLong) this.#kept.dropBefore(this.#steps);
    else this.#kept.add(rows);
  }
}

const keptRows = (alphabet: Alphabet): KeptRows => new KeptRows(alphabet, alphabet.symbols.indexOf(" "));

function rowsOf({ rows }: Emission, alphabet: Alphabet): KeptRows {
  const kept = keptRows(alphabet);
  kept.add(rows);
  return kept;
}

function joined(words: readonly TimedWord[], text: string, { separator }: Alphabet): string {
  return [...words.map((word) => word.text), text].filter((part) => part !== "").join(separator);
}

/** The texts with the confidence in the best; or, where that is too low, an empty one that says so. */
function judged(
  texts: readonly DecodedText[],
  kept: KeptRows,
  { alphabet, hasGrammar, rejection, stepMs }: Judgment,
): readonly DecodedText[] {
  const confidenceIn = ({ text }: DecodedText) =>
    confidenceOf(evidenceOf(text, kept.span(), alphabet), rejection);
  const [best, ...others] = texts;
  if (best.text === "") {
    const accepted = others.filter((other) => confidenceIn(other) >= rejection.threshold);
    const [empty] = hasGrammar ? explained(texts, spelled(kept, alphabet)) : texts;
    return [{ ...empty, confidence: 0 }, ...accepted];
  }
  const confidence = confidenceIn(best);
  if (confidence >= rejection.threshold) return [{ ...best, confidence }, ...others];
  const reason = isNoise(best, stepMs) ? "noise" : "not-a-command";
  const { score, acousticScore } = best;
  const rejected = { reason, best: best.text, confidence } as const;
  return [{ text: "", words: [], score, acousticScore, confidence, rejected }];
}

function isNoise({ text, words }: DecodedText, stepMs: number): boolean {
  const spanMs = (words[words.length - 1].endStep - words[0].startStep) * stepMs;
  return text.length < (SPEECH_SYMBOLS_PER_SECOND * spanMs) / 1000;
}

/** What the network spells without a grammar. */
function spelled(kept: KeptRows, alphabet: Alphabet): string {
  const { rows, toStep, symbols } = kept.span();
  return new GreedyDecoder(alphabet).decode(rows.subarray(0, toStep * symbols))[0].text;
}
