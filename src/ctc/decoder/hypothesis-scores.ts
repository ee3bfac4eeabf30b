// What texts add to the score beside the network, and where they stand in the models that say so: one record for each text,
// as entries of typed arrays. The nodes of the prefix tree, the candidates of a step and the text that is just being
// extended all hold their records in this form. Knows nothing of what the numbers mean to each other.

export class HypothesisScores {
  /** α ln P_lm(c) + β word_count(c) so far (Hannun et al. 2014, eq. 12), with hot words found and unknown words. */
  languageModelScore: Float64Array;
  /**
   * What the search adds to rank the text while a word is being spelled, and takes back until the word ends: the part of
   * its bonus that a hot word has already, and the part of an unknown word's price that it need not pay yet.
   */
  lookAhead: Float64Array;
  languageModelState: Float64Array;
  /** The price of an unknown word that is being spelled: what each symbol pays, and how many more symbols pay. */
  instalment: Float64Array;
  instalmentsLeft: Int32Array;
  lexiconState: Int32Array;
  hotWordState: Int32Array;
  /** In the grammar, where there is one (constrained-text.ts). */
  grammarState: Int32Array;

  constructor(size: number) {
    this.languageModelScore = new Float64Array(size);
    this.lookAhead = new Float64Array(size);
    this.languageModelState = new Float64Array(size);
    this.instalment = new Float64Array(size);
    this.instalmentsLeft = new Int32Array(size);
    this.lexiconState = new Int32Array(size);
    this.hotWordState = new Int32Array(size);
    this.grammarState = new Int32Array(size);
  }

  /** Copies record `from` of another to record `to`. */
  copy(source: HypothesisScores, from: number, to: number): void {
    this.languageModelScore[to] = source.languageModelScore[from];
    this.lookAhead[to] = source.lookAhead[from];
    this.languageModelState[to] = source.languageModelState[from];
    this.instalment[to] = source.instalment[from];
    this.instalmentsLeft[to] = source.instalmentsLeft[from];
    this.lexiconState[to] = source.lexiconState[from];
    this.hotWordState[to] = source.hotWordState[from];
    this.grammarState[to] = source.grammarState[from];
  }

  /** Makes room for `size` records, and keeps those that are there. */
  grow(size: number): void {
    this.languageModelScore = enlarged(this.languageModelScore, size);
    this.lookAhead = enlarged(this.lookAhead, size);
    this.languageModelState = enlarged(this.languageModelState, size);
    this.instalment = enlarged(this.instalment, size);
    this.instalmentsLeft = enlarged(this.instalmentsLeft, size);
    this.lexiconState = enlarged(this.lexiconState, size);
    this.hotWordState = enlarged(this.hotWordState, size);
    this.grammarState = enlarged(this.grammarState, size);
  }
}

/** A copy with room for `size` numbers; those beyond the old ones are 0. */
export function enlarged<Numbers extends Int32Array | Float64Array>(numbers: Numbers, size: number): Numbers {
  const larger = new (numbers.constructor as new (size: number) => Numbers)(size);
  larger.set(numbers);
  return larger;
}
