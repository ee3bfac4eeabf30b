// Which utterances an epoch trains on where a replay stands beside the training set, so that the old skill stays: a pure function
// of the seed and the epoch. Those of all epochs follow each other as if from a stack of cards: shuffled, dealt to its end,
// and shuffled again. It does not know what an utterance is, only how many there are.

import { RandomStream } from "../../random.ts";

/** How many of the replay stand beside `own` utterances, so that they are this share of all; one at least. */
export const replayedInEpoch = (own: number, share: number): number =>
  Math.max(1, Math.round((own * share) / (1 - share)));

export interface EpochRequest {
  /** Utterances of the training set, which are the first. */
  readonly own: number;
  /** Those of the replay are the others. */
  readonly all: number;
  /** Of these in an epoch. */
  readonly replayed: number;
  readonly seed: number;
  readonly epoch: number;
}

/** Indices: all of the training set's own, and those of the replay whose turn it is. */
export function indicesInEpoch({ own, all, replayed, ...occasion }: EpochRequest): number[] {
  const first = Array.from({ length: own }, (_, index) => index);
  return [...first, ...dealt(all - own, replayed, occasion).map((index) => own + index)];
}

/** One comes twice in an epoch only where a stack ends in it. */
function dealt(
  cards: number,
  drawn: number,
  { seed, epoch }: Pick<EpochRequest, "seed" | "epoch">,
): number[] {
  const inOrder = Array.from({ length: cards }, (_, index) => index);
  const stacks = new Map<number, readonly number[]>();
  const stackOf = (round: number): readonly number[] => {
    const stack = stacks.get(round) ?? new RandomStream(seed, "replay", round).shuffle(inOrder);
    stacks.set(round, stack);
    return stack;
  };
  return Array.from({ length: drawn }, (_, i) => {
    const place = epoch * drawn + i;
    return stackOf(Math.floor(place / cards))[place % cards];
  });
}
