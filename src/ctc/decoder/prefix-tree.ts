// The beginnings of texts that the search holds, as a tree in typed arrays: a node is one symbol more than its parent.
// Nodes are numbers, freed and used again, so that a long search makes no garbage. Knows nothing of scores' meaning.

/** The parent of the root, the child of a leaf, the place of a node that is not in the beam. */
export const NONE = -1;

/** The place of a node that is free. */
const FREE = -2;

/** The symbol of the empty text. */
export const START = -1;

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
  /** What the text adds to the score, for good. */
  prior = new Float64Array(0);
  /** What a hot word that is being spelled adds. */
  credit = new Float64Array(0);
  /** The states of the text in the language model, the lexicon and the hot words. */
  modelState = new Float64Array(0);
  lexiconState = new Int32Array(0);
  hotState = new Int32Array(0);
  /** The prior and the model's state when a word ends here; NaN when not computed yet. */
  wordPrior = new Float64Array(0);
  wordState = new Float64Array(0);
  /** The share of the beam's probability that left the beam below this node, going other ways than the nodes left. */
  lost = new Float64Array(0);

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
    this.wordPrior[node] = NaN;
    this.lost[node] = 0;
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

  /** Frees a node and its forebears as far as nothing needs them; what they lost is their parents' loss. */
  prune(node: number): void {
    let at = node;
    while (this.place[at] === NONE && this.isLeaf(at) && this.parent[at] !== NONE) {
      const parent = this.parent[at];
      this.lost[parent] += this.lost[at];
      this.#unlink(at, parent);
      this.place[at] = FREE; // whoever prunes it again finds nothing to do
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
    const integers = (old: Int32Array) => {
      const larger = new Int32Array(size);
      larger.set(old);
      return larger;
    };
    const numbers = (old: Float64Array) => {
      const larger = new Float64Array(size);
      larger.set(old);
      return larger;
    };
    this.parent = integers(this.parent);
    this.symbol = integers(this.symbol);
    this.depth = integers(this.depth);
    this.place = integers(this.place);
    this.blank = numbers(this.blank);
    this.label = numbers(this.label);
    this.total = numbers(this.total);
    this.prior = numbers(this.prior);
    this.credit = numbers(this.credit);
    this.modelState = numbers(this.modelState);
    this.lexiconState = integers(this.lexiconState);
    this.hotState = integers(this.hotState);
    this.wordPrior = numbers(this.wordPrior);
    this.wordState = numbers(this.wordState);
    this.lost = numbers(this.lost);
    this.#firstChild = integers(this.#firstChild);
    this.#nextSibling = integers(this.#nextSibling);
    this.#free = integers(this.#free);
  }
}
