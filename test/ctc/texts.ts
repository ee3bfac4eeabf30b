// What the decoder's tests compare with: every path enumerated, small language models made by hand, and random rows.

import { RandomStream } from "../../src/random.ts";
import type { Scorer, TokenScore } from "../../src/ctc/index.ts";
import type { Alphabet } from "../../src/text/index.ts";
import { collapse } from "./oracles.ts";

/** Log-probabilities [T, V] of the softmax of normal logits times `scale`. */
export function randomRows(random: RandomStream, steps: number, symbols: number, scale = 2): Float32Array {
  const rows = new Float32Array(steps * symbols);
  for (let t = 0; t < steps; t++) {
    const logits = Array.from({ length: symbols }, () => scale * random.normal());
    const sum = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    logits.forEach((logit, k) => (rows[t * symbols + k] = logit - Math.log(sum)));
  }
  return rows;
}

/** Rows [T, V] that are nearly sure of a path of symbols, "_" for the blank. */
export function rowsOf(path: string, alphabet: Alphabet, sure = 0.9): Float32Array {
  const rows = new Float32Array(path.length * alphabet.size).fill(Math.log((1 - sure) / (alphabet.size - 1)));
  [...path].forEach((symbol, t) => {
    const k = symbol === "_" ? alphabet.blank : alphabet.symbols.indexOf(symbol);
    rows[t * alphabet.size + k] = Math.log(sure);
  });
  return rows;
}

/** ln P(c|x) of every text, by the definition: the sum over all V^T paths. */
export function everyText(rows: Float32Array, alphabet: Alphabet): Map<string, number> {
  const V = alphabet.size;
  const steps = rows.length / V;
  const probabilities = new Map<string, number>();
  for (let code = 0; code < V ** steps; code++) {
    const path = Array.from({ length: steps }, (_, t) => Math.floor(code / V ** t) % V);
    const labels = collapse(path, alphabet.blank);
    const text = labels.map((k) => alphabet.symbols[k]).join("");
    const tidy = text.replace(/ +/g, " ").trim();
    const probability = Math.exp(path.reduce((sum, k, t) => sum + rows[t * V + k], 0));
    probabilities.set(tidy, (probabilities.get(tidy) ?? 0) + probability);
  }
  return new Map([...probabilities].map(([text, probability]) => [text, Math.log(probability)]));
}

/** A bigram model with made-up probabilities; the state is the last token's number, 0 at the start and when unknown. */
export class TinyModel implements Scorer {
  readonly order = 2;
  readonly start = 0;
  readonly unit: "word" | "character";
  readonly #tokens: readonly string[];
  readonly #logs: readonly (readonly number[])[]; // [state][token], ln P; the last is the end

  constructor(unit: "word" | "character", tokens: readonly string[], seed: number) {
    const random = new RandomStream("tiny model", seed);
    this.unit = unit;
    this.#tokens = ["<unk>", ...tokens];
    this.#logs = this.#tokens.map(() => [...this.#tokens, "</s>"].map(() => -7 * random.uniform()));
  }

  idOf(token: string): number {
    return Math.max(0, this.#tokens.indexOf(token));
  }

  score(state: number, token: number, result: TokenScore): TokenScore {
    result.logProbability = this.#logs[state][token];
    result.state = token;
    return result;
  }

  end(state: number): number {
    return this.#logs[state][this.#tokens.length];
  }

  words(): Iterable<string> {
    return this.#tokens.slice(1);
  }

  /** ln P of a whole text. */
  textScore(text: string): number {
    const tokens = this.unit === "character" ? [...text] : text.split(" ").filter((word) => word !== "");
    const result = { logProbability: 0, state: this.start };
    let sum = 0;
    for (const token of tokens) sum += this.score(result.state, this.idOf(token), result).logProbability;
    return sum + this.end(result.state);
  }
}

export const wordsOf = (text: string): string[] => text.split(" ").filter((word) => word !== "");
