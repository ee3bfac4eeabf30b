// Dividing a corpus into train, dev and test so that a speaker is in one of them only: a recognizer is for people who are
// not in its training set. Groups (speakers) are drawn by a seed and go to a split whole, as long as that brings it nearer
// to its share of the hours. It does not know what a recording is.

import { EarshotError } from "../../errors.ts";
import { RandomStream } from "../../random.ts";

export interface SplitItem {
  /** What must not be divided, such as the speaker; items without one stand for themselves. */
  readonly group?: string;
  /** Seconds, or what stands for them. */
  readonly weight: number;
}

export interface SplitShares {
  /** Fractions of the whole; 0 for none. */
  readonly dev: number;
  readonly test: number;
}

interface Group {
  readonly items: number[];
  weight: number;
}

/**
 * The split of each item: "train", "dev" or "test".
 * @throws EarshotError TOO_FEW_SPEAKERS when a split would stay empty.
 */
export function assignSplits(items: readonly SplitItem[], shares: SplitShares, seed: number): string[] {
  const splits = items.map(() => "train");
  const wanted = Object.entries(shares).filter(([, share]) => share > 0);
  const groups = new RandomStream(seed, "splits").shuffle(groupItems(items));
  if (groups.length <= wanted.length) throw tooFewSpeakers(groups.length, wanted.length + 1);
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  let left = groups;
  for (const [split, share] of wanted) {
    const chosen = chooseGroups(left, share * total);
    for (const group of chosen) for (const item of group.items) splits[item] = split;
    left = left.filter((group) => !chosen.has(group));
  }
  return splits;
}

/** In the order in which they first appear. */
function groupItems(items: readonly SplitItem[]): Group[] {
  const groups = new Map<string | number, Group>();
  for (const [index, { group, weight }] of items.entries()) {
    const key = group ?? index;
    const known = groups.get(key) ?? { items: [], weight: 0 };
    known.items.push(index);
    known.weight += weight;
    groups.set(key, known);
  }
  return [...groups.values()];
}

/** Takes each group that brings the sum nearer to the target; the smallest one where none does. */
function chooseGroups(groups: readonly Group[], target: number): Set<Group> {
  const chosen = new Set<Group>();
  let sum = 0;
  for (const group of groups) {
    if (Math.abs(sum + group.weight - target) >= Math.abs(sum - target)) continue;
    chosen.add(group);
    sum += group.weight;
  }
  const smallest = groups.reduce((least, group) => (group.weight < least.weight ? group : least));
  return chosen.size > 0 ? chosen : new Set([smallest]);
}

function tooFewSpeakers(groups: number, splits: number): EarshotError {
  return new EarshotError({
    code: "TOO_FEW_SPEAKERS",
    problem: `There ${groups === 1 ? "is 1 speaker" : `are ${groups} speakers`} for ${splits} splits.`,
    remedy: "Split by utterance (--by utterance), or ask for fewer splits (--dev 0).",
  });
}
