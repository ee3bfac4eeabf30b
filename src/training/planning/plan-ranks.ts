// How long an epoch takes on so many ranks: the batches of a corpus like the one given are planned as training does, shared
// out, computed by what steps cost on one rank, and waited for. A pure function; nothing is run.

import { paddedFrames, planBatches } from "../../data/index.ts";
import { RandomStream } from "../../random.ts";
import { sharesOf } from "../ranks/shares.ts";
import { exposedSeconds, type Exchange } from "./all-reduce.ts";
import { stepSeconds, type StepCost } from "./step-cost.ts";
import { drawLengths, meanLength, type UtteranceLengths } from "./utterance-lengths.ts";

export interface RankPlanRequest {
  /** Of speech. */
  readonly hours: number;
  readonly lengths: UtteranceLengths;
  readonly hopMs: number;
  /** Of one rank: padded frames and utterances at most. */
  readonly batchFrames: number;
  readonly maxUtterances: number;
  /** Batches of an update, at least; and never fewer than ranks. */
  readonly accumulate: number;
  readonly cost: StepCost;
  /** Standard deviation of a step's seconds over those that it should take. */
  readonly spread: number;
  readonly exchange: Exchange;
  /** Of a rank for an hour, in any currency. */
  readonly price?: number;
  readonly seed: number;
}

/** Seconds are means of an update. */
export interface RankPlan {
  readonly ranks: number;
  /** In an epoch. */
  readonly updates: number;
  /** Of an update, all ranks together. */
  readonly utterances: number;
  /** What the mean rank computes. */
  readonly computeSeconds: number;
  /** Until the last rank has computed. */
  readonly waitSeconds: number;
  /** Of the exchange, what the computing does not hide. */
  readonly exchangeSeconds: number;
  readonly hoursPerEpoch: number;
  /** Of one rank, over those of all of these. */
  readonly efficiency: number;
  /** Of an epoch. */
  readonly price?: number;
}

/** Utterances that stand for a large corpus: of each rank so many batches, and of all so many utterances. */
const LEAST_UPDATES = 32;
const LEAST_UTTERANCES = 20_000;

export function planRanks(request: RankPlanRequest, rankCounts: readonly number[]): RankPlan[] {
  const alone = simulate(request, 1);
  const oneRankHours = (alone.updates * alone.computeSeconds) / 3600;
  return rankCounts.map((ranks) => {
    const { computeSeconds, waitSeconds, ...update } = ranks === 1 ? alone : simulate(request, ranks);
    const waited = ranks === 1 ? 0 : waitSeconds; // nobody waits for itself
    const exchangeSeconds =
      ranks === 1 ? 0 : exposedSeconds(request.exchange, ranks, computeSeconds + waited);
    const hoursPerEpoch = (update.updates * (computeSeconds + waited + exchangeSeconds)) / 3600;
    const efficiency = oneRankHours / (ranks * hoursPerEpoch);
    const price = request.price && request.price * ranks * hoursPerEpoch;
    const seconds = { computeSeconds, waitSeconds: waited, exchangeSeconds };
    return { ranks, ...update, ...seconds, hoursPerEpoch, efficiency, price };
  });
}

type Update = Pick<RankPlan, "updates" | "utterances" | "computeSeconds" | "waitSeconds">;

/** Of a corpus that is smaller where it can be, the means of its updates: some batches of similar lengths, a rank's or several. */
function simulate(request: RankPlanRequest, ranks: number): Update {
  const { hours, lengths, hopMs, maxUtterances, batchFrames, accumulate, seed } = request;
  const batches = Math.max(accumulate, ranks);
  const all = Math.max(1, Math.round((3600 * hours) / meanLength(lengths, seed)));
  const count = Math.min(all, Math.max(LEAST_UTTERANCES, LEAST_UPDATES * batches * maxUtterances));
  const frames = framesOf(drawLengths(lengths, count, seed), hopMs);
  const plan = { frames, batchFrames, maxUtterances, seed, epoch: 1, order: "sorted" } as const;
  const sizes = planBatches(plan).map((batch) => paddedFrames(batch, frames));
  const whole = Math.floor(sizes.length / batches);
  const updates = count < all ? whole : Math.ceil(sizes.length / batches); // what is left over happens once in an epoch
  const seconds = Array.from({ length: updates }, (_, update) =>
    secondsOfRanks(sizes.slice(update * batches, (update + 1) * batches), update, ranks, request),
  );
  const computeSeconds = mean(seconds.map((ofRanks) => sum(ofRanks) / ranks));
  return {
    updates: Math.ceil((sizes.length * all) / count / batches),
    utterances: Math.min(count, (count * batches) / sizes.length),
    computeSeconds,
    waitSeconds: mean(seconds.map((ofRanks) => Math.max(...ofRanks))) - computeSeconds,
  };
}

const framesOf = (seconds: readonly number[], hopMs: number): number[] =>
  seconds.map((length) => Math.round((1000 * length) / hopMs));

/** Of each rank in an update, which takes batches as training shares them out. */
function secondsOfRanks(
  sizes: readonly number[],
  update: number,
  ranks: number,
  { cost, spread, seed }: RankPlanRequest,
): number[] {
  const random = new RandomStream(seed, "planned spread", ranks, update);
  const steps = sizes.map(
    (padded) => stepSeconds(cost, padded) * Math.max(0.5, 1 + spread * random.normal()),
  );
  if (sizes.length <= ranks) return steps;
  return sharesOf(sizes, ranks).map((share) => sum(share.map((batch) => steps[batch])));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Utterances that the shapes of batches are taken from. */
const MOST_SHAPES = 2_000;

/** Padded frames of the batches of one rank, sorted: those of which the time is measured are taken from here. */
export function batchShapes(
  request: Pick<RankPlanRequest, "lengths" | "hopMs" | "batchFrames" | "maxUtterances" | "seed">,
): BatchShape[] {
  const { lengths, hopMs, batchFrames, maxUtterances, seed } = request;
  const known = "measuredSeconds" in lengths ? lengths.measuredSeconds.length : MOST_SHAPES;
  const frames = framesOf(drawLengths(lengths, Math.min(known, MOST_SHAPES), seed), hopMs);
  const plan = { frames, batchFrames, maxUtterances, seed, epoch: 1, order: "sorted" } as const;
  return planBatches(plan)
    .map((batch) => ({ B: batch.length, T: paddedFrames(batch, frames) / batch.length }))
    .toSorted((a, b) => a.B * a.T - b.B * b.T);
}

export interface BatchShape {
  readonly B: number;
  /** Frames of the longest. */
  readonly T: number;
}
