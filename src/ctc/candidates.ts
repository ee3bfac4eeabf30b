// The texts that may be in the beam after a step, in typed arrays: first those that are in it, then those longer by a
// symbol. Knows how to pick the best, and nothing of where the scores come from.

import type { Extension } from "./text-model.ts";

export class Candidates {
  count = 0;
  /** What the beam goes by: ln of the paths' probability, plus what the text is worth. */
  rank = new Float64Array(0);
  /** ln of the probability of the paths that end in the blank; in the text's last symbol. */
  blank = new Float64Array(0);
  label = new Float64Array(0);
  /** Of a longer text: the node that it extends, the symbol, its node if there is one; what it is worth. */
  parent = new Int32Array(0);
  symbol = new Int32Array(0);
  node = new Int32Array(0);
  prior = new Float64Array(0);
  credit = new Float64Array(0);
  modelState = new Float64Array(0);
  lexiconState = new Int32Array(0);
  hotState = new Int32Array(0);
  /** After `select`, the first `selected` are those to keep, in no order. */
  order = new Int32Array(0);
  selected = 0;

  /** Makes room for `size` candidates; what was there is lost. */
  reserve(size: number): void {
    this.count = 0;
    if (size <= this.rank.length) return;
    const room = Math.max(256, 2 * size);
    for (const field of ["rank", "blank", "label", "prior", "credit", "modelState"] as const)
      this[field] = new Float64Array(room);
    for (const field of ["parent", "symbol", "node", "lexiconState", "hotState", "order"] as const)
      this[field] = new Int32Array(room);
  }

  /** A text longer than that of `parent` by `symbol`; `node` is its node, if it has one already. */
  add(parent: number, symbol: number, node: number, label: number, worth: Extension): void {
    const at = this.count++;
    this.rank[at] = label + worth.prior + worth.credit;
    this.blank[at] = -Infinity;
    this.label[at] = label;
    this.parent[at] = parent;
    this.symbol[at] = symbol;
    this.node[at] = node;
    this.prior[at] = worth.prior;
    this.credit[at] = worth.credit;
    this.modelState[at] = worth.modelState;
    this.lexiconState[at] = worth.lexiconState;
    this.hotState[at] = worth.hotState;
  }

  /** Picks the best `beam`, those within `margin` of the best, and none that is impossible. */
  select(beam: number, margin: number): void {
    const { order, rank, count } = this;
    let best = -Infinity;
    for (let c = 0; c < count; c++) if (rank[c] > best) best = rank[c];
    this.selected = 0;
    for (let c = 0; c < count; c++)
      if (rank[c] > -Infinity && rank[c] >= best - margin) order[this.selected++] = c;
    if (this.selected <= beam) return;
    bestFirst(order, rank, this.selected, beam);
    this.selected = beam;
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
