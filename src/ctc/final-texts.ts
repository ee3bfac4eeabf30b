// The end of a search: what the beginnings in the beam are worth as whole texts.

import type { Beam } from "./beam.ts";
import { logAdd } from "./log-probabilities.ts";
import { NONE, START, type PrefixTree } from "./prefix-tree.ts";
import type { TextModel } from "./text-model.ts";

export interface FinalText {
  /** The labels after the beam's root. */
  readonly labels: readonly number[];
  readonly score: number;
  readonly acousticScore: number;
  /** Whether the last word is of no dictionary that must have it: then no text in the beam is better off. */
  readonly isUnfinished: boolean;
}

/** The best texts, the best first; at least one, at most `count`. */
export function finalTexts(beam: Beam, text: TextModel, count: number): FinalText[] {
  const { tree } = beam;
  const found = [...pathsByText(beam, text)].map(([node, acousticScore]) => {
    const prior = text.end(tree, node);
    return { node, acousticScore, prior };
  });
  const isUnfinished = found.every(({ prior }) => prior === -Infinity);
  return found
    .map(({ node, acousticScore, prior }) => {
      const score = acousticScore + (isUnfinished ? tree.prior[node] : prior);
      return { node, acousticScore, score };
    })
    .filter(({ score }) => score > -Infinity)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ node, ...scores }) => ({ ...scores, labels: tree.labelsOf(node), isUnfinished }));
}

/** ln of all paths of each text, by its node: a text with a space at its end is the text without. */
function pathsByText({ tree, nodes, size }: Beam, text: TextModel): Map<number, number> {
  const paths = new Map<number, number>();
  for (const node of nodes.subarray(0, size)) {
    const own = withoutSpace(tree, node, text);
    paths.set(own, logAdd(paths.get(own) ?? -Infinity, tree.total[node]));
  }
  return paths;
}

function withoutSpace(tree: PrefixTree, node: number, text: TextModel): number {
  const isRoot = tree.parent[node] === NONE;
  return !isRoot && tree.symbol[node] !== START && tree.symbol[node] === text.space
    ? tree.parent[node]
    : node;
}
