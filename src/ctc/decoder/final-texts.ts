// The end of a search: the beginnings of texts in the beam, scored as whole texts.

import type { Beam } from "./beam.ts";
import { logAdd } from "../log-probabilities.ts";
import { NONE, START, type PrefixTree } from "./prefix-tree.ts";
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

/** A whole text by its node. */
export interface FoundText {
  readonly node: number;
  readonly acousticScore: number;
  /** What it adds to the score; −∞ when its last word is not in the dictionary. */
  readonly textScore: number;
}

/** A text by its node, with its share of the probability of all texts in the beam. */
interface Share {
  readonly node: number;
  readonly acousticScore: number;
  readonly score: number;
  readonly share: number;
}

/** The best texts of a beam, the best first; at least one, at most `count`. */
export function finalTexts(beam: Beam, text: TextScores, count: number): FinalText[] {
  const { tree } = beam;
  const found = [...pathsByText(beam, text)].map(([node, acousticScore]) => {
    return { node, acousticScore, textScore: text.end(tree, node) };
  });
  return rankTexts(tree, beam.root, found, count);
}

/** The best of the texts found below `root`, the best first, at most `count`. */
export function rankTexts(
  tree: PrefixTree,
  root: number,
  found: readonly FoundText[],
  count: number,
): FinalText[] {
  const isUnfinished = found.every(({ textScore }) => textScore === -Infinity);
  const texts = found
    .map(({ node, acousticScore, textScore }) => {
      const score = acousticScore + (isUnfinished ? tree.scores.languageModelScore[node] : textScore);
      return { node, acousticScore, score, share: 0 };
    })
    .filter(({ score }) => score > -Infinity)
    .toSorted((a, b) => b.score - a.score);
  for (const each of texts) each.share = Math.exp(each.score - texts[0].score);
  const sum = texts.reduce((sum, { share }) => sum + share, 0);
  for (const each of texts) each.share /= sum;
  return texts.slice(0, count).map(({ node, score, acousticScore }) => {
    const prunedMass = massElsewhere(tree, node, root, texts);
    return { labels: tree.labelsOf(node), prunedMass, score, acousticScore, isUnfinished };
  });
}

/** At each node of the path: what left the beam there, and the other texts in it that part from the path there. */
function massElsewhere(tree: PrefixTree, node: number, root: number, texts: readonly Share[]): number[] {
  const path = [root, ...tree.pathTo(node)];
  const mass = path.map((at) => tree.prunedMass[at]);
  const places = new Map(path.map((at, place) => [at, place]));
  for (const other of texts) {
    if (other.node === node) continue;
    let at = other.node;
    while (!places.has(at)) at = tree.parent[at];
    mass[places.get(at)!] += other.share;
  }
  return mass;
}

/** ln of all paths of each text, by its node: a text with a space at its end is the text without. */
function pathsByText({ tree, nodes, size }: Beam, text: TextScores): Map<number, number> {
  const paths = new Map<number, number>();
  for (const node of nodes.subarray(0, size)) {
    const own = withoutSpace(tree, node, text);
    paths.set(own, logAdd(paths.get(own) ?? -Infinity, tree.total[node]));
  }
  return paths;
}

function withoutSpace(tree: PrefixTree, node: number, text: TextScores): number {
  const isRoot = tree.parent[node] === NONE;
  return !isRoot && tree.symbol[node] !== START && tree.symbol[node] === text.space
    ? tree.parent[node]
    : node;
}
