// The end of a search: the beginnings of texts in the beam, scored as whole texts.

import type { Beam } from "./beam.ts";
import { addLogs, share } from "../log-probabilities.ts";
import { NONE, type PrefixTree } from "./prefix-tree.ts";
import type { TextScores } from "./text-scores.ts";

export interface FinalText {
  /** The labels after the beam's root. */
  readonly labels: readonly number[];
  /** [L + 1], pruned probability mass: the share of the beam that went another way at each label, and at the end. */
  readonly prunedMass: readonly number[];
  readonly score: number;
  readonly acousticScore: number;
  /** Whether the last word is not in the dictionary though it must be; then that is so for every text in the beam. */
  readonly isUnfinished: boolean;
}

/** Whole texts, in arrays. */
export interface FoundTexts {
  readonly nodes: Int32Array;
  readonly acousticScores: Float64Array;
  /** What each adds to the score; −∞ when its last word is not in the dictionary. */
  readonly textScores: Float64Array;
}

/** Texts by their nodes, each with its share of the probability of all texts in the beam. */
interface Shares {
  readonly nodes: Int32Array;
  readonly shares: Float64Array;
}

/** The best texts of a beam, the best first; at least one, at most `count`. */
export function finalTexts(beam: Beam, text: TextScores, count: number): FinalText[] {
  const { nodes, logs } = textsIn(beam, text.space);
  const textScores = new Float64Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) textScores[i] = text.end(beam.tree, nodes[i]);
  return rankTexts(beam.tree, beam.root, { nodes, acousticScores: logs, textScores }, count);
}

/** The best of the texts found below `root`, the best first, at most `count`. */
export function rankTexts(
  tree: PrefixTree,
  root: number,
  { nodes, acousticScores, textScores }: FoundTexts,
  count: number,
): FinalText[] {
  const { languageModelScore } = tree.scores;
  const isUnfinished = textScores.every((score) => score === -Infinity);
  const scores = new Float64Array(nodes.length);
  const ranked: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    scores[i] = acousticScores[i] + (isUnfinished ? languageModelScore[nodes[i]] : textScores[i]);
    if (scores[i] > -Infinity) ranked.push(i);
  }
  const best = ranked.toSorted((a, b) => scores[b] - scores[a]);
  const shares = sharesOf(scores, scores[best[0]]);
  return best.slice(0, count).map((i) => ({
    labels: tree.labelsOf(nodes[i]),
    prunedMass: massElsewhere(tree, nodes[i], root, { nodes, shares }),
    score: scores[i],
    acousticScore: acousticScores[i],
    isUnfinished,
  }));
}

function sharesOf(scores: Float64Array, best: number): Float64Array {
  const shares = new Float64Array(scores.length);
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += shares[i] = share(scores[i] - best);
  for (let i = 0; i < shares.length; i++) shares[i] /= sum;
  return shares;
}

/** At each node of the path: what left the beam there, and the other texts in it that part from the path there. */
function massElsewhere(tree: PrefixTree, node: number, root: number, { nodes, shares }: Shares): number[] {
  const path = [root, ...tree.pathTo(node)];
  const mass = path.map((at) => tree.prunedMass[at]);
  const { depth, parent } = tree;
  for (let i = 0; i < nodes.length; i++) {
    if (nodes[i] === node || shares[i] === 0) continue;
    let at = nodes[i];
    while (path[depth[at] - depth[root]] !== at) at = parent[at];
    mass[depth[at] - depth[root]] += shares[i];
  }
  return mass;
}

/** Each text with ln of all its paths: a text with a space at its end is the text without. */
function textsIn({ tree, nodes, size }: Beam, space: number) {
  const [own, logs] = [new Int32Array(size), new Float64Array(size)];
  const spaced = new Float64Array(size).fill(-Infinity);
  let count = 0;
  for (let i = 0; i < size; i++) {
    own[i] = withoutSpace(tree, nodes[i], space);
    logs[i] = tree.total[nodes[i]];
    if (own[i] === nodes[i] || tree.place[own[i]] === NONE) continue;
    spaced[tree.place[own[i]]] = logs[i];
    own[i] = NONE;
  }
  addLogs(logs, spaced, logs, size);
  for (let i = 0; i < size; i++) {
    if (own[i] === NONE) continue;
    own[count] = own[i];
    logs[count++] = logs[i];
  }
  return { nodes: own.subarray(0, count), logs: logs.subarray(0, count) };
}

function withoutSpace(tree: PrefixTree, node: number, space: number): number {
  const endsWithSpace = tree.parent[node] !== NONE && tree.symbol[node] === space;
  return endsWithSpace ? tree.parent[node] : node;
}
