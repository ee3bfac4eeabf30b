// Prefix beam search over CTC outputs: the first-pass algorithm of Hannun, Maas, Jurafsky & Ng 2014 ("First-Pass Large
// Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs", algorithm 1), in log space, with the
// score of Deep Speech (Hannun et al. 2014, eq. 12). All paths that spell one text are added up. A text has no space at
// its ends nor two in a row: paths with such spaces spell the text without. Knows steps and symbols, nothing of times.

import type { Alphabet } from "../../text/index.ts";
import { Candidates } from "./candidates.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import { KeptSymbols } from "./kept-symbols.ts";
import { addLogs, share } from "../log-probabilities.ts";
import { endsInSpace, NONE, PrefixTree, START } from "./prefix-tree.ts";
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
  /** By place in the beam, side by side, since every symbol reads them: ranks, last symbols, and which symbols may follow. */
  #ranks = new Float64Array(1);
  #lastSymbols = new Int32Array(1);
  #followers = new Int32Array(1);
  /** By place: ln of the paths that a text's parent in the beam begins it with. */
  #begun = new Float64Array(1);
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
    tree.followers[this.root] = this.#text.followers(tree, this.root);
    this.#makeRoom(1);
    this.size = 1;
    this.#bestPlace = 0;
    this.#ranks[0] = 0;
    this.#place(this.root, 0);
    tree.blank[this.root] = tree.total[this.root] = 0;
    tree.label[this.root] = -Infinity;
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
      const node = nodes[i];
      tree.total[node] += log;
      tree.blank[node] = tree.total[node];
      tree.label[node] = -Infinity;
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
    const { nodes, size } = this;
    const { symbol, parent, place, blank, label, total, scores } = this.tree;
    const { languageModelScore, lookAhead } = scores;
    const [candidates, begun] = [this.#candidates, this.#begun];
    const { logs } = this.#kept;
    const { space } = this.#text;
    const blankLog = logs[this.#blank];
    for (let i = 0; i < size; i++) {
      const node = nodes[i];
      const last = symbol[node];
      candidates.blank[i] = total[node] + blankLog;
      candidates.label[i] = endsInSpace(last, space)
        ? total[node] + this.#spaceLog // one space or many
        : label[node] + logs[last];
      const before = parent[node];
      begun[i] = -Infinity;
      if (before !== NONE && place[before] !== NONE)
        begun[i] = (symbol[before] === last ? blank[before] : total[before]) + logs[last]; // a repeat needs a blank between
      candidates.rank[i] = languageModelScore[node] + lookAhead[node];
    }
    addLogs(candidates.label, begun, candidates.label, size);
    addLogs(candidates.blank, candidates.label, candidates.total, size);
    candidates.prolong(size);
  }

  /** The texts longer by a symbol that are not in the beam: the likeliest first, until none can come into it. */
  #extend(): void {
    const { symbols, logs } = this.#kept;
    const highest = this.#ranks[this.#bestPlace] + this.#text.largestGain;
    const count = this.#kept.likeliest(this.#candidates.least - highest - ROUNDING);
    for (let k = 0; k < count; k++) {
      if (!(highest + logs[symbols[k]] >= this.#candidates.least)) return;
      if (symbols[k] !== this.#blank) this.#extendBy(symbols[k]);
    }
  }

  #extendBy(symbol: number): void {
    const { tree, nodes, size } = this;
    const [ranks, lastSymbols, followers] = [this.#ranks, this.#lastSymbols, this.#followers];
    const [candidates, text] = [this.#candidates, this.#text];
    const isSpace = symbol === text.space;
    const log = this.#kept.logs[symbol];
    const gain = log + (isSpace ? text.largestGain : text.largestGainInWord);
    const bit = 1 << (symbol & 31);
    for (let i = 0; i < size; i++) {
      if ((followers[i] & bit) === 0 || !(ranks[i] + gain >= candidates.least)) continue;
      const last = lastSymbols[i];
      if (isSpace && endsInSpace(last, symbol)) continue;
      const begun = last === symbol ? tree.blank[nodes[i]] : tree.total[nodes[i]];
      if (!(begun > -Infinity)) continue;
      candidates.label[candidates.count] = begun + log;
      this.#propose(nodes[i], symbol);
    }
  }

  /** A text and one symbol more, whose label's logarithm is written already. */
  #propose(parent: number, symbol: number): void {
    const { tree } = this;
    const node = tree.child(parent, symbol);
    const { scores, count } = this.#candidates;
    if (node === NONE) {
      if (!this.#text.extend(tree, parent, symbol, scores, count)) return;
    } else if (tree.place[node] === NONE) scores.copy(tree.scores, node, count);
    else return;
    this.#candidates.add(parent, symbol, node);
  }

  /** The candidates selected become the beam; the texts that drop out leave their share behind and are freed. */
  #replace(): void {
    const { tree, nodes, size } = this;
    const { order, selected, blank, label, total, rank } = this.#candidates;
    this.nodes = this.#spareNodes;
    this.#makeRoom(selected);
    for (let i = 0; i < size; i++) tree.place[nodes[i]] = NONE;
    this.#bestPlace = 0;
    for (let i = 0; i < selected; i++) {
      const c = order[i];
      const node = c < size ? nodes[c] : this.#nodeOf(c);
      this.#ranks[i] = rank[c];
      this.#place(node, i);
      tree.blank[node] = blank[c];
      tree.label[node] = label[c];
      tree.total[node] = total[c];
    }
    this.#spareNodes = nodes;
    this.size = selected;
    this.#dropOthers(nodes, size);
  }

  #spareNodes: Int32Array = new Int32Array(1);

  /** Room for so many texts; what was there need not stay. */
  #makeRoom(size: number): void {
    if (this.nodes.length < size) this.nodes = new Int32Array(2 * size);
    if (this.#ranks.length >= size) return;
    this.#ranks = new Float64Array(2 * size);
    this.#lastSymbols = new Int32Array(2 * size);
    this.#followers = new Int32Array(2 * size);
    this.#begun = new Float64Array(2 * size);
  }

  /** Puts a text, whose rank is there already, into its place in the beam. */
  #place(node: number, place: number): void {
    const { tree } = this;
    tree.place[node] = place;
    this.nodes[place] = node;
    this.#lastSymbols[place] = tree.symbol[node];
    this.#followers[place] = tree.followers[node];
    if (this.#ranks[place] > this.#ranks[this.#bestPlace]) this.#bestPlace = place;
  }

  /** The node of a candidate that was not in the beam. */
  #nodeOf(candidate: number): number {
    const { tree } = this;
    const { node, parent, symbol, scores } = this.#candidates;
    if (node[candidate] !== NONE) return node[candidate];
    const added = tree.add(parent[candidate], symbol[candidate]);
    tree.scores.copy(scores, candidate, added);
    tree.followers[added] = this.#text.followers(tree, added);
    return added;
  }

  /** Adds the share of each text that left the beam to the pruned mass of its node, and frees what nothing needs. */
  #dropOthers(nodes: Int32Array, size: number): void {
    const { tree } = this;
    const { rank, best } = this.#candidates;
    let kept = 0;
    for (let i = 0; i < size; i++) {
      if (tree.place[nodes[i]] !== NONE) continue;
      const own = share(rank[i] - best);
      if (own === 0) continue;
      if (kept === 0) for (let k = 0; k < this.size; k++) kept += share(this.#ranks[k] - best);
      tree.prunedMass[nodes[i]] += own / (kept + own);
    }
    for (let i = 0; i < size; i++) if (tree.place[nodes[i]] === NONE) tree.prune(nodes[i]);
  }

  /** Texts that disagree with the best on a symbol too long ago leave the beam. */
  #boundPending(): void {
    const { tree } = this;
    let settled = this.best();
    const excess = tree.depth[settled] - tree.depth[this.root] - LONGEST_PENDING;
    if (excess <= 0) return;
    const depth = tree.depth[this.root] + LONGEST_PENDING / 2;
    while (tree.depth[settled] > depth) settled = tree.parent[settled];
    const nodes = this.nodes.slice(0, this.size);
    const dropped = nodes.filter((node) => !this.#descends(node, settled));
    for (const node of dropped) tree.place[node] = NONE;
    const rest = nodes.filter((node) => tree.place[node] !== NONE);
    this.size = rest.length;
    this.#bestPlace = 0;
    rest.forEach((node, place) => {
      this.#ranks[place] = this.rank(node);
      this.#place(node, place);
    });
    for (const node of dropped) tree.prune(node);
  }

  #descends(node: number, ancestor: number): boolean {
    let at = node;
    while (this.tree.depth[at] > this.tree.depth[ancestor]) at = this.tree.parent[at];
    return at === ancestor;
  }
}

/** More than what the sum of three logarithms is rounded by. */
const ROUNDING = 1e-6;
