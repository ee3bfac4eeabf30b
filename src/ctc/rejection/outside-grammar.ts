// What was said and is no sentence of the grammar: the best text is empty, and the network spells something all the same. That
// is rejected, and silence is not. Needs no calibration: noise that sounds like a sentence is not found so.

import type { Warning } from "../../errors.ts";
import type { Alphabet } from "../../text/index.ts";
import type { DecodedText, Decoder, DecoderStream, Emission, PartialText } from "../decoder/decoder.ts";
import { GreedyDecoder } from "../decoder/greedy-decoder.ts";

/**
 * The texts, of which the best says so where it is empty and something was said.
 * @param spelled what the network spells without the grammar
 */
export function explained(texts: readonly DecodedText[], spelled: string): readonly DecodedText[] {
  const [best, ...others] = texts;
  if (best.text !== "" || spelled === "") return texts;
  const rejected = { reason: "not-a-command", best: others[0]?.text ?? spelled, confidence: 0 } as const;
  return [{ ...best, meaning: null, rejected }, ...others];
}

/** A decoder with a grammar, of a model that was not calibrated. */
export class OutsideGrammarDecoder implements Decoder {
  readonly alphabet: Alphabet;
  readonly hasGrammar = true;
  readonly warnings: readonly Warning[];
  readonly #decoder: Decoder;

  constructor(decoder: Decoder) {
    this.alphabet = decoder.alphabet;
    this.warnings = decoder.warnings ?? [];
    this.#decoder = decoder;
  }

  open(): DecoderStream {
    return new OutsideGrammarStream(this.#decoder.open(), this.alphabet);
  }

  /** By what the first model spells. */
  decodeTogether(emissions: readonly Emission[]): readonly DecodedText[] {
    const [{ text }] = new GreedyDecoder(this.alphabet).decode(emissions[0].rows);
    return explained(this.#decoder.decodeTogether(emissions), text);
  }
}

class OutsideGrammarStream implements DecoderStream {
  readonly #sentences: DecoderStream;
  readonly #freely: DecoderStream;
  readonly #separator: string;
  readonly #spelled: string[] = [];
  #hasWords = false;

  constructor(sentences: DecoderStream, alphabet: Alphabet) {
    this.#sentences = sentences;
    this.#freely = new GreedyDecoder(alphabet).open();
    this.#separator = alphabet.separator;
  }

  push(rows: Float32Array): PartialText {
    const partial = this.#sentences.push(rows);
    this.#hasWords ||= partial.words.length > 0;
    this.#spelled.push(...this.#freely.push(rows).words.map(({ text }) => text));
    return partial;
  }

  finish(rows?: Float32Array): readonly DecodedText[] {
    const texts = this.#sentences.finish(rows);
    const [{ text }] = this.#freely.finish(rows);
    if (this.#hasWords && texts[0].meaning !== null) return texts; // the end of a sentence
    return explained(texts, [...this.#spelled, text].filter((part) => part !== "").join(this.#separator));
  }
}
