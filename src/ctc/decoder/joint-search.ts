// The search for the text that several models find likeliest together: their weighted ln P(c|x) are added, and to the sum
// what the text itself is worth. Networks say a symbol each at a step of its own, so nothing is added step by step: all
// texts grow symbol by symbol, and each model judges a beginning over all of its steps (prefix-probabilities.ts), as in the
// label-synchronous search of Watanabe et al. 2017, section IV. Models need an alphabet in common, nothing else.

import type { Alphabet } from "../../text/index.ts";
import { Candidates } from "./candidates.ts";
import type { Emission } from "./decoder.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import { rankTexts, type FinalText } from "./final-texts.ts";
import { PrefixProbabilities, type TextPaths } from "./prefix-probabilities.ts";
import { endsInSpace, NONE, PrefixTree, START } from "./prefix-tree.ts";
import type { TextScores } from "./text-scores.ts";

/** A beginning of texts that may go on. */
interface Beginning {
  readonly node: number;
  /** Of each model. */
  readonly paths: readonly TextPaths[];
}

/** A whole text by its node. */
interface FoundText {
  readonly node: number;
  readonly acousticScore: number;
  /** What it adds to the score; −∞ when its last word is not in the dictionary. */
  readonly textScore: number;
}

type SearchSettings = Pick<DecoderSettings, "beam" | "beamThreshold" | "nBest">;

export class JointSearch {
  readonly #alphabet: Alphabet;
  readonly #settings: SearchSettings;
  readonly #text: TextScores;
  readonly #models: readonly PrefixProbabilities[];
  readonly #weights: readonly number[];
  readonly #tree = new PrefixTree();
  readonly #candidates = new Candidates();
  readonly #sums: Float64Array;
  /** The whole texts found so far that are among the best. */
  #found: FoundText[] = [];

  /** @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES */
  constructor(
    alphabet: Alphabet,
    settings: SearchSettings,
    text: TextScores,
    emissions: readonly Emission[],
  ) {
    this.#alphabet = alphabet;
    this.#settings = settings;
    this.#text = text;
    this.#models = emissions.map(({ rows }) => new PrefixProbabilities(rows, alphabet));
    this.#sums = new Float64Array(alphabet.size);
    this.#weights = emissions.map(({ weight }) => weight);
  }

  /** The best texts, the best first; none where every text is impossible to one of the models. */
  texts(): FinalText[] {
    const root = this.#tree.add(NONE, START);
    this.#text.begin(this.#tree, root);
    let beginnings: Beginning[] = [{ node: root, paths: this.#models.map((model) => model.empty()) }];
    while (beginnings.length > 0) beginnings = this.#longer(beginnings);
    const found = {
      nodes: Int32Array.from(this.#found, ({ node }) => node),
      acousticScores: Float64Array.from(this.#found, ({ acousticScore }) => acousticScore),
      textScores: Float64Array.from(this.#found, ({ textScore }) => textScore),
    };
    return rankTexts(this.#tree, root, found, this.#settings.nBest);
  }

  /** One symbol more. Whole texts and beginnings compete for the beam: it ends when no beginning is left in it. */
  #longer(beginnings: readonly Beginning[]): Beginning[] {
    const candidates = this.#candidates;
    for (const beginning of beginnings) this.#end(beginning);
    const whole = this.#found;
    candidates.begin(whole.length + beginnings.length * this.#alphabet.size, this.#settings);
    for (const [at, text] of whole.entries())
      [candidates.total[at], candidates.rank[at]] = [text.acousticScore, text.textScore];
    candidates.prolong(whole.length);
    for (const beginning of beginnings) this.#extend(beginning);
    candidates.select();
    const selected = [...candidates.order.subarray(0, candidates.selected)];
    const kept = selected.flatMap((at) => (at < whole.length ? [whole[at]] : []));
    this.#found = kept.length > 0 ? kept : whole.toSorted((a, b) => scoreOf(b) - scoreOf(a)).slice(0, 1);
    const byNode = new Map(beginnings.map((beginning) => [beginning.node, beginning]));
    return selected.flatMap((at) =>
      at < whole.length ? [] : this.#beginning(byNode.get(candidates.parent[at])!, at),
    );
  }

  /** Takes the text as whole, if it may end here. */
  #end({ node, paths }: Beginning): void {
    const last = this.#tree.symbol[node];
    if (last === this.#text.space && last !== START) return; // it is the text without the space
    const textScore = this.#text.end(this.#tree, node);
    const acousticScore = this.#sum((model, m) => model.textProbability(paths[m], last));
    if (acousticScore + textScore > -Infinity) this.#found.push({ node, acousticScore, textScore });
  }

  /** Proposes the text with each symbol more. */
  #extend({ node, paths }: Beginning): void {
    const [tree, candidates, text] = [this.#tree, this.#candidates, this.#text];
    const last = tree.symbol[node];
    const acoustic = this.#continuations(paths, last);
    const before = tree.scores.languageModelScore[node] + tree.scores.lookAhead[node];
    for (let symbol = 0; symbol < acoustic.length; symbol++) {
      if (symbol === this.#alphabet.blank) continue;
      if (symbol === text.space && endsInSpace(last, symbol)) continue;
      const gain = symbol === text.space ? text.largestGain : text.largestGainInWord;
      if (!(acoustic[symbol] + before + gain >= candidates.least)) continue;
      if (!text.extend(tree, node, symbol, candidates.scores, candidates.count)) continue;
      candidates.label[candidates.count] = acoustic[symbol];
      candidates.add(node, symbol, NONE);
    }
  }

  /** [V], of each symbol more: the weighted sum over the models of ln of its prefix probability. */
  #continuations(paths: readonly TextPaths[], last: number): Float64Array {
    const sums = this.#sums.fill(0);
    for (let m = 0; m < paths.length; m++) {
      const logs = this.#models[m].continuations(paths[m], last);
      for (let k = 0; k < sums.length; k++) sums[k] += this.#weights[m] * logs[k];
    }
    return sums;
  }

  /** A candidate that was selected; none where a model has too few steps for it. */
  #beginning({ node: parent, paths }: Beginning, candidate: number): Beginning[] {
    const symbol = this.#candidates.symbol[candidate];
    const last = this.#tree.symbol[parent];
    const longer = this.#models.map((model, m) => model.extended(paths[m], last, symbol));
    if (!longer.every((own) => own !== undefined)) return [];
    const node = this.#tree.add(parent, symbol);
    this.#tree.scores.copy(this.#candidates.scores, candidate, node);
    return [{ node, paths: longer }];
  }

  /** The weighted sum over the models. */
  #sum(log: (model: PrefixProbabilities, index: number) => number): number {
    return this.#models.reduce((sum, model, m) => sum + this.#weights[m] * log(model, m), 0);
  }
}

const scoreOf = ({ acousticScore, textScore }: FoundText): number => acousticScore + textScore;
