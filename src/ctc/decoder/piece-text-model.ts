// What a text of word pieces adds to the score: each piece is spelled out in characters, which are scored one by one, spaces
// too. So words of language models, vocabularies, hot words and grammars are found however a text is cut into pieces.

import type { Alphabet } from "../../text/index.ts";
import { HypothesisScores } from "./hypothesis-scores.ts";
import { endsInSpace, START } from "./prefix-tree.ts";
import { ALL_FOLLOW, type ScoredTexts, type TextScores } from "./text-scores.ts";

export class PieceTextModel implements TextScores {
  /** No piece is the space between words. */
  readonly space = -1;
  readonly largestGain: number;
  readonly largestGainInWord: number;
  readonly #characters: TextScores;
  /** By piece: its characters, as symbols of the alphabet of characters. */
  readonly #spellings: readonly Int32Array[];
  /** One text, the one that is just being extended character by character. */
  readonly #text: ScoredTexts = oneText();
  readonly #next = new HypothesisScores(1);

  /** @param characters scores texts in the characters of the alphabet */
  constructor(alphabet: Alphabet, characters: TextScores) {
    this.#characters = characters;
    this.#spellings = alphabet.symbols.map((_, piece) =>
      alphabet.characters.spellOut(alphabet.decode([piece])),
    );
    const { space, largestGain, largestGainInWord } = characters;
    const gains = this.#spellings.map((spelling) =>
      spelling.reduce((sum, symbol) => sum + (symbol === space ? largestGain : largestGainInWord), 0),
    );
    this.largestGain = this.largestGainInWord = Math.max(0, ...gains);
  }

  begin(texts: Pick<ScoredTexts, "scores">, root: number): void {
    this.#characters.begin(texts, root);
  }

  followers(): number {
    return ALL_FOLLOW;
  }

  extend(texts: ScoredTexts, node: number, piece: number, next: HypothesisScores, to: number): boolean {
    this.#take(texts, node);
    const text = this.#text;
    for (const symbol of this.#spellings[piece]) {
      if (symbol === this.#characters.space && endsInSpace(text.symbol[0], symbol)) continue;
      if (!this.#characters.extend(text, 0, symbol, this.#next, 0)) return false;
      text.scores.copy(this.#next, 0, 0);
      this.#standBehind(symbol);
    }
    next.copy(text.scores, 0, to);
    return true;
  }

  end(texts: ScoredTexts, node: number): number {
    this.#take(texts, node);
    return this.#characters.end(this.#text, 0);
  }

  #take({ symbol, scores }: ScoredTexts, node: number): void {
    this.#text.scores.copy(scores, node, 0);
    this.#standBehind(symbol[node] === START ? START : this.#lastOf(symbol[node]));
  }

  #lastOf(piece: number): number {
    return this.#spellings[piece].at(-1)!;
  }

  #standBehind(symbol: number): void {
    this.#text.symbol[0] = symbol;
    this.#text.wordEndScore[0] = NaN;
    this.#text.unknownWordScore[0] = NaN;
  }
}

const oneText = (): ScoredTexts => ({
  symbol: new Int32Array(1),
  scores: new HypothesisScores(1),
  wordEndScore: new Float64Array(1),
  wordEndState: new Float64Array(1),
  unknownWordScore: new Float64Array(1),
  unknownWordState: new Float64Array(1),
});
