// The texts that may be in the beam after a step, in typed arrays: first those that are in it, then those longer by a
// symbol. Knows how to pick the best, and nothing of where the scores come from. It picks while candidates are added, so
// that `least` rises and the caller need not even propose most of the others.

import type { DecoderSettings } from "./decoder-settings.ts";
import { HypothesisScores } from "./hypothesis-scores.ts";

export class Candidates {
  count = 0;
  /** By which the beam picks: ln of the probability of the paths, plus what the text adds to the score. */
  rank = new Float64Array(0);
  /** ln of the probability of the paths that end in the blank; in the text's last symbol; of both. */
  blank = new Float64Array(0);
  label = new Float64Array(0);
  total = new Float64Array(0);
  /** Of a longer text: the node that it extends, the symbol, its own node if it has one already. */
  parent = new Int32Array(0);
  symbol = new Int32Array(0);
  node = new Int32Array(0);
  /** Of a longer text: what it adds to the score, and its states in the models. */
  scores = new HypothesisScores(0);
  /** No text with a lower rank can come into the beam. */
  least = -Infinity;
  /** The first `selected` may be kept, in no order; after `select` they are those to keep. */
  order = new Int32Array(0);
  selected = 0;
  /** The highest rank of all. */
  best = -Infinity;
  #cutAt = 0;
  #beam = 0;
  #threshold = 0;

  /** Forgets what was there, and makes room for `size` candidates. */
  begin(size: number, { beam, beamThreshold }: Pick<DecoderSettings, "beam" | "beamThreshold">): void {
    this.count = 0;
    this.selected = 0;
    this.least = -Infinity;
    this.best = -Infinity;
    this.#beam = beam;
    this.#cutAt = beam;
    this.#threshold = beamThreshold;
    if (size <= this.rank.length) return;
    const room = Math.max(256, 2 * size);
    for (const field of ["rank", "blank", "label", "total"] as const) this[field] = new Float64Array(room);
    for (const field of ["parent", "symbol", "node", "order"] as const) this[field] = new Int32Array(room);
    this.scores = new HypothesisScores(room);
  }

  /** The first candidates are texts of the beam: their `blank`, `label` and `total` are written already, and in `rank` what the text adds. */
  prolong(size: number): void {
    const { rank, total } = this;
    this.count = size;
    for (let at = 0; at < size; at++) {
      rank[at] += total[at];
      this.#enter(at);
    }
  }

  /**
   * A text longer than that of `parent` by `symbol`, whose `label` and record of `scores` are written already, at `count`;
   * `node` is its node, if it has one.
   */
  add(parent: number, symbol: number, node: number): void {
    const at = this.count;
    const label = this.label[at];
    const rank = label + this.scores.languageModelScore[at] + this.scores.lookAhead[at];
    if (rank < this.least) return;
    this.count++;
    this.rank[at] = rank;
    this.blank[at] = -Infinity;
    this.total[at] = label;
    this.parent[at] = parent;
    this.symbol[at] = symbol;
    this.node[at] = node;
    this.#enter(at);
  }

  #enter(at: number): void {
    const rank = this.rank[at];
    if (rank > this.best) {
      this.best = rank;
      this.least = Math.max(this.least, rank - this.#threshold);
    }
    if (!(rank >= this.least && rank > -Infinity)) return;
    this.order[this.selected++] = at;
    if (this.selected >= this.#cutAt) this.#keepBest();
  }

  /** Cuts the list to the beam when it is twice as long, so that a candidate costs the same however many there are. */
  #keepBest(): void {
    const { order, rank } = this;
    if (this.selected > this.#beam) bestFirst(order, rank, this.selected, this.#beam);
    this.selected = this.#beam;
    this.#cutAt = 2 * this.#beam;
    let worst = Infinity;
    for (let i = 0; i < this.selected; i++) if (rank[order[i]] < worst) worst = rank[order[i]];
    if (worst > this.least) this.least = worst;
  }

  /** Picks the best of the beam's number, those within the threshold of the best, and none that is impossible. */
  select(): void {
    const { order, rank } = this;
    let kept = 0;
    for (let i = 0; i < this.selected; i++) if (rank[order[i]] >= this.least) order[kept++] = order[i];
    this.selected = kept;
    if (kept > this.#beam) this.#keepBest();
  }
}

/** Hoare's quickselect: moves the `wanted` of the first `count` with the largest ranks to the front. */
function bestFirst(order: Int32Array, rank: Float64Array, count: number, wanted: number): void {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const pivot = rank[order[(low + high) >> 1]];
    let [left, right] = [low, high];
    while (left <= right) {
      while (rank[order[left]] > pivot) left++;
      while (rank[order[right]] < pivot) right--;
      if (left > right) break;
      const swapped = order[left];
      order[left++] = order[right];
      order[right--] = swapped;
    }
    if (wanted - 1 <= right) high = right;
    else if (wanted - 1 >= left) low = left;
    else return;
  }
}
