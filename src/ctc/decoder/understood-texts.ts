// Texts with what they mean in a grammar. A stream hands out words as soon as they are final, but a sentence means something
// only as a whole: the words that left are kept until it ends.

import type { Alphabet } from "../../text/index.ts";
import type { Constraint } from "./constraint.ts";
import type { DecodedText, DecoderStream, PartialText } from "./decoder.ts";

export class UnderstoodStream implements DecoderStream {
  readonly #texts: DecoderStream;
  readonly #constraint: Constraint;
  readonly #separator: string;
  #final: readonly string[] = [];

  constructor(texts: DecoderStream, constraint: Constraint, alphabet: Alphabet) {
    this.#texts = texts;
    this.#constraint = constraint;
    this.#separator = alphabet.separator;
  }

  push(rows: Float32Array): PartialText {
    const partial = this.#texts.push(rows);
    if (partial.words.length > 0) this.#final = [...this.#final, ...partial.words.map(({ text }) => text)];
    return partial;
  }

  finish(rows?: Float32Array): readonly DecodedText[] {
    const whole = (text: string) => [...this.#final, ...(text === "" ? [] : [text])].join(this.#separator);
    return understood(this.#texts.finish(rows), this.#constraint, whole);
  }
}

/**
 * The sentences among the texts, with what they mean; one empty text where there is none.
 * @param whole the text of the recording that a decoded text is the end of
 */
export function understood(
  texts: readonly DecodedText[],
  constraint: Constraint,
  whole = (text: string): string => text,
): readonly DecodedText[] {
  const sentences = texts
    .filter(({ isUnfinished }) => !isUnfinished)
    .map((decoded) => ({ ...decoded, meaning: constraint.meaningOf(whole(decoded.text)) }));
  if (sentences.length > 0) return sentences;
  const [{ score, acousticScore }] = texts;
  return [{ text: "", words: [], score, acousticScore, meaning: null }];
}
