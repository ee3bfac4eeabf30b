// The beginnings of texts that the search holds, as a tree in typed arrays: a node is one symbol more than its parent.
// Nodes are numbers, freed and used again, so that a long search makes no garbage. Knows nothing of what the scores mean.

import { enlarged, HypothesisScores } from "./hypothesis-scores.ts";

/** The parent of the root, the child of a leaf, the place of a node that is not in the beam. */
export const NONE = -1;

/** The place of a node that is free. */
const FREE = -2;

/** The symbol of the empty text. */
export const START = -1;

/** Whether a text with this last symbol is empty or ends in a space, so that another space would change nothing. @param space −1 without one */
export const endsInSpace = (last: number, space: number): boolean => last === START || last === space;

export class PrefixTree {
  parent = new Int32Array(0);
  symbol = new Int32Array(0);
  /** Number of symbols from the start of the text. */
  depth = new Int32Array(0);
  /** The place in the beam, or NONE. */
  place = new Int32Array(0);
  /** ln of the probability of all paths that spell this and end in the blank; in the last symbol; of both. */
  blank = new Float64Array(0);
  label = new Float64Array(0);
  total = new Float64Array(0);
  /** By node: what its text adds to the score, and its states in the models. */
  readonly scores = new HypothesisScores(0);
  /** The language model's score and state when a word ends here; NaN when not computed yet. */
  wordEndScore = new Float64Array(0);
  wordEndState = new Float64Array(0);
  /** The same when a symbol comes here with which no known word goes on: it is the same for all such symbols. */
  unknownWordScore = new Float64Array(0);
  unknownWordState = new Float64Array(0);
  /** Which symbols its text may go on with (text-scores.ts). */
  followers = new Int32Array(0);
  /** Pruned probability mass: the share of the beam that left it below this node, for texts that no node holds any more. */
  prunedMass = new Float64Array(0);

  #firstChild = new Int32Array(0);
  #nextSibling = new Int32Array(0);
  #size = 0;
  #free: Int32Array = new Int32Array(0);
  #freeCount = 0;

  /** Frees all nodes; the room stays. */
  clear(): void {
    this.#size = 0;
    this.#freeCount = 0;
  }

  /** A node below `parent`, not in the beam. The caller fills in the rest. */
  add(parent: number, symbol: number): number {
    const node = this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.#size++;
    if (node >= this.parent.length) this.#grow();
    this.parent[node] = parent;
    this.symbol[node] = symbol;
    this.depth[node] = parent === NONE ? 0 : this.depth[parent] + 1;
    this.place[node] = NONE;
    this.wordEndScore[node] = NaN;
    this.unknownWordScore[node] = NaN;
    this.prunedMass[node] = 0;
    this.#firstChild[node] = NONE;
    this.#nextSibling[node] = parent === NONE ? NONE : this.#firstChild[parent];
    if (parent !== NONE) this.#firstChild[parent] = node;
    return node;
  }

  child(node: number, symbol: number): number {
    let child = this.#firstChild[node];
    while (child !== NONE && this.symbol[child] !== symbol) child = this.#nextSibling[child];
    return child;
  }

  isLeaf(node: number): boolean {
    return this.#firstChild[node] === NONE;
  }

  /** Frees a node and its ancestors as far as nothing needs them; their pruned mass goes to their parents. */
  prune(node: number): void {
    let at = node;
    while (this.place[at] === NONE && this.isLeaf(at) && this.parent[at] !== NONE) {
      const parent = this.parent[at];
      this.prunedMass[parent] += this.prunedMass[at];
      this.#unlink(at, parent);
      this.place[at] = FREE; // to prune it again does nothing
      this.#free[this.#freeCount++] = at;
      at = parent;
    }
  }

  /** When all texts go on from `root` by one same symbol, that node, as the new root; else NONE. The root is freed. */
  advance(root: number): number {
    const child = this.#firstChild[root];
    if (this.place[root] !== NONE || child === NONE || this.#nextSibling[child] !== NONE) return NONE;
    this.parent[child] = NONE;
    this.#free[this.#freeCount++] = root;
    return child;
  }

  /** The symbols from the root (its own not among them) to the node. */
  labelsOf(node: number): number[] {
    return this.pathTo(node).map((at) => this.symbol[at]);
  }

  /** The nodes from the root (not among them) to the node. */
  pathTo(node: number): number[] {
    const path: number[] = [];
    for (let at = node; this.parent[at] !== NONE; at = this.parent[at]) path.push(at);
    return path.toReversed();
  }

  #unlink(node: number, parent: number): void {
    const next = this.#nextSibling;
    if (this.#firstChild[parent] === node) {
      this.#firstChild[parent] = next[node];
      return;
    }
    let before = this.#firstChild[parent];
    while (next[before] !== node) before = next[before];
    next[before] = next[node];
  }

  #grow(): void {
    const size = Math.max(256, 2 * this.parent.length);
    this.parent = enlarged(this.parent, size);
    this.symbol = enlarged(this.symbol, size);
    this.depth = enlarged(this.depth, size);
    this.place = enlarged(this.place, size);
    this.blank = enlarged(this.blank, size);
    this.label = enlarged(this.label, size);
    this.total = enlarged(this.total, size);
    this.scores.grow(size);
    this.wordEndScore = enlarged(this.wordEndScore, size);
    this.wordEndState = enlarged(this.wordEndState, size);
    this.unknownWordScore = enlarged(this.unknownWordScore, size);
    this.unknownWordState = enlarged(this.unknownWordState, size);
    this.followers = enlarged(this.followers, size);
    this.prunedMass = enlarged(this.prunedMass, size);
    this.#firstChild = enlarged(this.#firstChild, size);
    this.#nextSibling = enlarged(this.#nextSibling, size);
    this.#free = enlarged(this.#free, size);
  }
}
