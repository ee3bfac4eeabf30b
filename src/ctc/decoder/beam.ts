// Prefix beam search over CTC outputs: the first-pass algorithm of Hannun, Maas, Jurafsky & Ng 2014 ("First-Pass Large
// Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", algorithm 1), in log space, with the
// score of Deep Speech (Hannun et al. 2014, eq. 12). All paths that spell one text are added up. A text has no space at
// its ends nor two in a row: paths with such spaces spell the text without. Knows steps and symbols, nothing of times.

import type { Alphabet } from "../../text/index.ts";
import { Candidates } from "./candidates.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import { KeptSymbols } from "./kept-symbols.ts";
import { logAdd } from "../log-probabilities.ts";
import { NONE, PrefixTree, START } from "./prefix-tree.ts";
import type { TextScores } from "./text-scores.ts";

/** Symbols that may await agreement: more are settled by the best text, so that memory is bounded. */
const LONGEST_PENDING = 2000;

export class Beam {
  readonly tree = new PrefixTree();
  /** The node where all texts in the beam part, or later. */
  root = 0;
  /** The nodes in the beam: the first `size`. */
  nodes: Int32Array = new Int32Array(1);
  size = 1;
  readonly #blank: number;
  readonly #text: TextScores;
  readonly #settings: DecoderSettings;
  readonly #kept: KeptSymbols;
  readonly #candidates = new Candidates();
  #spaceLog = -Infinity;
  #ranks = new Float64Array(0);
  #lastSymbols = new Int32Array(0);
  #bestPlace = 0;

  constructor(alphabet: Alphabet, settings: DecoderSettings, text: TextScores) {
    this.#blank = alphabet.blank;
    this.#text = text;
    this.#settings = settings;
    this.#kept = new KeptSymbols(alphabet.size, settings);
    this.begin();
  }

  /** Forgets all texts but the empty one, which is certain before the first step. */
  begin(): void {
    const { tree } = this;
    tree.clear();
    this.root = tree.add(NONE, START);
    this.#text.begin(tree, this.root);
    this.#setPaths(this.root, 0, -Infinity, 0);
    this.nodes[0] = this.root;
    this.size = 1;
    this.#rankAll();
  }

  /** Takes one step, a row of `rows` [T, V] that begins at `at`. @throws NOT_LOG_PROBABILITIES, naming `step` */
  step(rows: Float32Array, at: number, step: number): void {
    this.#kept.read(rows, at, step);
    const { symbols, logs, count } = this.#kept;
    if (count === 1 && symbols[0] === this.#blank) return this.#passBlank(logs[this.#blank]);
    this.#spaceLog = this.#text.space < 0 ? -Infinity : logs[this.#text.space];
    this.#candidates.begin(this.size * (1 + this.#kept.count), this.#settings);
    this.#prolong();
    this.#extend();
    this.#candidates.select();
    if (this.#candidates.selected > 0) this.#replace(); // else no text goes on: the step is passed over
    this.#boundPending();
  }

  /** Where a step can only be a blank, all texts stay as they are, each with the blank behind it. */
  #passBlank(log: number): void {
    const { tree, nodes, size } = this;
    for (let i = 0; i < size; i++) {
      const total = tree.total[nodes[i]] + log;
      this.#setPaths(nodes[i], total, -Infinity, total);
      this.#ranks[i] += log;
    }
  }

  /** When all texts agree on their next symbol, moves the root there; false when they do not. */
  advance(): boolean {
    const next = this.tree.advance(this.root);
    if (next !== NONE) this.root = next;
    return next !== NONE;
  }

  /** The node in the beam that ranks first. */
  best(): number {
    return this.nodes[this.#bestPlace];
  }

  rank(node: number): number {
    const { total, scores } = this.tree;
    return total[node] + scores.languageModelScore[node] + scores.lookAhead[node];
  }

  /** The texts in the beam: by a blank, a repeat, and what their parents in the beam add to them. */
  #prolong(): void {
    const { tree, nodes, size } = this;
    const { languageModelScore, lookAhead } = tree.scores;
    const { logs } = this.#kept;
    const { blank, label } = this.#candidates;
    for (let i = 0; i < size; i++) {
      const node = nodes[i];
      tree.place[node] = i;
      blank[i] = tree.total[node] + logs[this.#blank];
      label[i] = this.#text.endsInSpace(tree, node)
        ? tree.total[node] + this.#spaceLog // one space or many
        : tree.label[node] + logs[tree.symbol[node]];
    }
    for (let i = 0; i < size; i++) {
      const node = nodes[i];
      const parent = tree.parent[node];
      if (parent !== NONE && tree.place[parent] !== NONE)
        label[i] = logAdd(label[i], this.#before(parent, tree.symbol[node]) + logs[tree.symbol[node]]);
      this.#candidates.prolong(i, languageModelScore[node] + lookAhead[node]);
    }
  }

  /** ln of the paths of a text that `symbol` can make longer: after the same symbol, those with a blank between. */
  #before(node: number, symbol: number): number {
    return symbol === this.tree.symbol[node] ? this.tree.blank[node] : this.tree.total[node];
  }

  /** The texts longer by a symbol that are not in the beam: the likeliest first, until none can come into it. */
  #extend(): void {
    const { symbols, logs, count } = this.#kept;
    const highest = this.#ranks[this.#bestPlace];
    for (let k = 0; k < count; k++) {
      const [symbol, log] = [symbols[k], logs[symbols[k]]];
      if (!(highest + log + this.#text.largestGain >= this.#candidates.least)) return;
      if (symbol !== this.#blank && log > -Infinity) this.#extendBy(symbol, log);
    }
  }

  #extendBy(symbol: number, log: number): void {
    const { tree, nodes, size } = this;
    const [ranks, lastSymbols] = [this.#ranks, this.#lastSymbols];
    const [candidates, text] = [this.#candidates, this.#text];
    const isSpace = symbol === text.space;
    const gain = log + (isSpace ? text.largestGain : text.largestGainInWord);
    for (let i = 0; i < size; i++) {
      if (!(ranks[i] + gain >= candidates.least)) continue;
      const node = nodes[i];
      if (isSpace && text.endsInSpace(tree, node)) continue;
      if (!text.mayExtend(tree, node, symbol)) continue;
      if (lastSymbols[i] !== symbol) this.#propose(node, symbol, tree.total[node] + log);
      else if (tree.blank[node] > -Infinity) this.#propose(node, symbol, tree.blank[node] + log);
    }
  }

  /** Keeps each text's rank and last symbol by its place in the beam, side by side: `#extend` reads them again and again. */
  #rankAll(): void {
    const { tree, nodes, size } = this;
    if (this.#ranks.length < size) {
      this.#ranks = new Float64Array(2 * size);
      this.#lastSymbols = new Int32Array(2 * size);
    }
    this.#bestPlace = 0;
    for (let i = 0; i < size; i++) {
      this.#ranks[i] = this.rank(nodes[i]);
      this.#lastSymbols[i] = tree.symbol[nodes[i]];
      if (this.#ranks[i] > this.#ranks[this.#bestPlace]) this.#bestPlace = i;
    }
  }

  #propose(parent: number, symbol: number, label: number): void {
    const { tree } = this;
    const node = tree.child(parent, symbol);
    const { scores, count } = this.#candidates;
    if (node === NONE) {
      if (!this.#text.extend(tree, parent, symbol, scores, count)) return;
    } else if (tree.place[node] === NONE) scores.copy(tree.scores, node, count);
    else return;
    this.#candidates.add(parent, symbol, node, label);
  }

  /** The candidates selected become the beam; the texts that drop out leave their share behind and are freed. */
  #replace(): void {
    const { tree, nodes, size } = this;
    const { order, selected, blank, label, total } = this.#candidates;
    const next = selected > nodes.length ? new Int32Array(2 * selected) : this.#spare(nodes.length);
    for (let i = 0; i < selected; i++) {
      const c = order[i];
      next[i] = c < size ? nodes[c] : this.#nodeOf(c);
    }
    for (let i = 0; i < size; i++) tree.place[nodes[i]] = NONE;
    for (let i = 0; i < selected; i++) {
      tree.place[next[i]] = i;
      this.#setPaths(next[i], blank[order[i]], label[order[i]], total[order[i]]);
    }
    this.#dropOthers(selected);
    this.#spareNodes = nodes;
    this.nodes = next;
    this.size = selected;
    this.#rankAll();
  }

  #spareNodes: Int32Array = new Int32Array(1);

  #spare(length: number): Int32Array {
    return this.#spareNodes.length >= length ? this.#spareNodes : new Int32Array(length);
  }

  /** The node of a candidate that was not in the beam. */
  #nodeOf(candidate: number): number {
    const { tree } = this;
    const { node, parent, symbol, scores } = this.#candidates;
    if (node[candidate] !== NONE) return node[candidate];
    const added = tree.add(parent[candidate], symbol[candidate]);
    tree.scores.copy(scores, candidate, added);
    return added;
  }

  #setPaths(node: number, blank: number, label: number, total: number): void {
    const { tree } = this;
    tree.blank[node] = blank;
    tree.label[node] = label;
    tree.total[node] = total;
  }

  /** Adds the share of each text that left the beam to the pruned mass of its node, and frees what nothing needs. */
  #dropOthers(selected: number): void {
    const { tree, nodes, size } = this;
    const { rank, order, best } = this.#candidates;
    let kept = 0;
    for (let i = 0; i < size; i++) {
      if (tree.place[nodes[i]] !== NONE) continue;
      if (kept === 0) for (let c = 0; c < selected; c++) kept += share(rank[order[c]] - best);
      const own = share(rank[i] - best);
      tree.prunedMass[nodes[i]] += own / (kept + own);
    }
    for (let i = 0; i < size; i++) tree.prune(nodes[i]);
  }

  /** Texts that disagree with the best on a symbol too long ago leave the beam. */
  #boundPending(): void {
    const { tree } = this;
    let settled = this.best();
    const excess = tree.depth[settled] - tree.depth[this.root] - LONGEST_PENDING;
    if (excess <= 0) return;
    const depth = tree.depth[this.root] + LONGEST_PENDING / 2;
    while (tree.depth[settled] > depth) settled = tree.parent[settled];
    const dropped = this.nodes.slice(0, this.size).filter((node) => !this.#descends(node, settled));
    for (const node of dropped) tree.place[node] = NONE;
    this.nodes = this.nodes.slice(0, this.size).filter((node) => tree.place[node] !== NONE);
    this.size = this.nodes.length;
    this.#rankAll();
    for (const node of dropped) tree.prune(node);
  }

  #descends(node: number, ancestor: number): boolean {
    let at = node;
    while (this.tree.depth[at] > this.tree.depth[ancestor]) at = this.tree.parent[at];
    return at === ancestor;
  }
}

const NEGLIGIBLE = -30; // e⁻³⁰ is 1e-13

const share = (log: number): number => (log > NEGLIGIBLE ? Math.exp(log) : 0);
