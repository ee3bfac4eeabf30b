// Which utterances an epoch trains on where not all come once: of each source as many as its weight says, of a replay a share, so
// that the old skill stays. A pure function of the seed and the epoch. Those of all epochs follow each other as if from a stack
// of cards: shuffled, dealt to its end, and shuffled again. What comes more than once in an epoch has an index for each turn, so
// that augmentation changes it anew. It does not know what an utterance is, only where it comes from.

import { EarshotError, nearestName } from "../../errors.ts";
import { RandomStream } from "../../random.ts";

/** What stands together: utterances of one source, or those of the replay. */
export interface Portion {
  /** Names its draws, so that each portion is shuffled by itself. */
  readonly key: readonly string[];
  /** Of its utterances, several for each that comes several times. */
  readonly indices: readonly number[];
  /** How many of the indices an epoch has. */
  readonly drawn: number;
}

const REPLAY = ["replay"] as const;

/** By source; one that is not named has 1. */
export type SourceWeights = Readonly<Record<string, number>>;

/** Whoever made recordings of which nothing is said. */
export const HUMAN = "human";

interface Sourced {
  readonly source?: string;
}

export const sourceOf = ({ source = HUMAN }: Sourced): string => source;

/** How many there are of each source, the most frequent first. */
export function countSources(utterances: readonly Sourced[]): [source: string, count: number][] {
  const counts = new Map<string, number>();
  for (const source of utterances.map(sourceOf)) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** @throws EarshotError `UNKNOWN_CORPUS_SOURCE` where a weight is of none of the utterances */
export function requireSources(utterances: readonly Sourced[], weights: SourceWeights = {}): void {
  const known = countSources(utterances).map(([source]) => source);
  const unknown = Object.keys(weights).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  throw new EarshotError({
    code: "UNKNOWN_CORPUS_SOURCE",
    where: "data.weights",
    problem: `No utterance of the training split has the source "${unknown}"; there are: ${known.join(", ")}.`,
    remedy: near === undefined ? "Name a source that there is." : `Did you mean "${near}"?`,
  });
}

/** How many of the replay stand beside `own` utterances of an epoch, so that they are this share of all; one at least. */
export const replayedInEpoch = (own: number, share: number): number =>
  Math.max(1, Math.round((own * share) / (1 - share)));

interface Weighing {
  readonly weights?: SourceWeights;
  readonly replay?: { readonly share: number };
}

/**
 * An index for each turn that an utterance may have, and what an epoch takes of them.
 * @param all of which the first `own` are the training set's, and the others the replay's
 * @throws EarshotError `EMPTY_CORPUS` where every source weighs nothing
 */
export function withTurns<Item extends Sourced>(
  { utterances: all, own }: { readonly utterances: readonly Item[]; readonly own: number },
  { weights = {}, replay }: Weighing = {},
): { readonly utterances: readonly Item[]; readonly portions: readonly Portion[] } {
  const { utterances, portions } = weighted(all.slice(0, own), weights);
  if (drawnOf(portions) === 0) throw nothingWeighs();
  const replayed = all.slice(own);
  if (!replay || replayed.length === 0) return { utterances, portions };
  const indices = Array.from(replayed, (_, index) => utterances.length + index);
  const drawn = replayedInEpoch(drawnOf(portions), replay.share);
  return {
    utterances: [...utterances, ...replayed],
    portions: [...portions, { key: REPLAY, indices, drawn }],
  };
}

/** The utterances, behind them those that come more than once, and a portion of each source. */
function weighted<Item extends Sourced>(own: readonly Item[], weights: SourceWeights) {
  if (Object.keys(weights).length === 0)
    return { utterances: own, portions: [{ key: [], indices: [...own.keys()], drawn: own.length }] };
  const utterances = [...own];
  const portions = countSources(own).map(([source, count]): Portion => {
    const weight = weights[source] ?? 1;
    const first = [...own.keys()].filter((index) => sourceOf(own[index]) === source);
    const indices = [...first];
    for (let turn = 1; turn < weight; turn++)
      for (const index of first) indices.push(utterances.push(own[index]) - 1);
    return { key: ["source", source], indices, drawn: weight && Math.max(1, Math.round(count * weight)) };
  });
  return { utterances, portions };
}

function nothingWeighs(): EarshotError {
  return new EarshotError({
    code: "EMPTY_CORPUS",
    where: "data.weights",
    problem: "Every source of the training split weighs 0, so that an epoch has no utterance.",
    remedy: "Give one of them a weight above 0.",
  });
}

export interface EpochCounts {
  /** Turns of the training set's own. */
  readonly own: number;
  /** Utterances of the replay, and of how many they are drawn. */
  readonly replay?: { readonly inEpoch: number; readonly of: number };
}

export function countsInEpoch(portions: readonly Portion[]): EpochCounts {
  const replay = portions.find(({ key }) => key === REPLAY);
  return {
    own: drawnOf(portions),
    ...(replay && { replay: { inEpoch: replay.drawn, of: replay.indices.length } }),
  };
}

const drawnOf = (portions: readonly Portion[]): number =>
  portions.filter(({ key }) => key !== REPLAY).reduce((sum, { drawn }) => sum + drawn, 0);

export interface EpochOccasion {
  readonly seed: number;
  readonly epoch: number;
}

/** The indices of an epoch: all of a portion in order, or those whose turn it is. */
export const indicesInEpoch = (portions: readonly Portion[], occasion: EpochOccasion): number[] =>
  portions.flatMap((portion) =>
    portion.drawn === portion.indices.length ? portion.indices : dealt(portion, occasion),
  );

/** One comes twice in an epoch only where a stack ends in it. */
function dealt({ key, indices, drawn }: Portion, { seed, epoch }: EpochOccasion): number[] {
  const stacks = new Map<number, readonly number[]>();
  const stackOf = (round: number): readonly number[] => {
    const stack = stacks.get(round) ?? new RandomStream(seed, ...key, round).shuffle(indices);
    stacks.set(round, stack);
    return stack;
  };
  return Array.from({ length: drawn }, (_, i) => {
    const place = epoch * drawn + i;
    return stackOf(Math.floor(place / indices.length))[place % indices.length];
  });
}
