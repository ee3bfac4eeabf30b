// What each update of an epoch is made from: several batches of the plan, of which a rank loads its own. What it is, and so
// what is learned, does not depend on how many ranks there are.

import type { Batch } from "../../data/index.ts";
import { sharesOf } from "../ranks/shares.ts";
import { epochOf, type TrainingRun } from "../run/run.ts";
import type { StepRequest } from "../step/step-plan.ts";

export interface Update extends Required<Pick<StepRequest, "numbers" | "places">> {
  /** Its batches, by their places in the epoch's plan. */
  readonly positions: readonly number[];
  /** All of its utterances, by their places in the corpus, one batch after another. */
  readonly utterances: readonly number[];
  /** The batches that this rank learns from. */
  readonly parts: readonly Batch[];
}

/** The utterances of each batch, by their places in the corpus. */
type Plan = readonly { readonly indices: readonly number[]; readonly frames: number }[];

/** From the batch on that the run has come to. */
export async function* updatesOf(run: TrainingRun, plan: Plan): AsyncGenerator<Update, void, undefined> {
  const { rank, size } = run.ranks ?? { rank: 0, size: 1 };
  const groups = groupsOf(plan.length, run.progress.batch, run.settings.accumulate);
  const own = groups.map((group) => ownOf(group, plan, rank, size));
  const taken = new Set(own.flat());
  const { batch: from } = run.progress;
  const onLost = run.ranks && run.ranks.noteLost;
  const batches = run.train.epoch({
    ...epochOf(run),
    plan: plan.map(({ indices }) => indices),
    from,
    takes: (place) => taken.has(place),
    onLost,
  });
  try {
    for (const [i, positions] of groups.entries()) {
      const parts: Batch[] = [];
      while (parts.length < own[i].length) parts.push((await batches.next()).value!);
      yield updateOf(positions, plan, parts);
    }
    await batches.next(); // its end
  } finally {
    await batches.return();
  }
}

/** Consecutive numbers from `from` on, `size` at a time; the last group may be smaller. */
function groupsOf(end: number, from: number, size: number): number[][] {
  return Array.from({ length: Math.ceil((end - from) / size) }, (_, group) => {
    const first = from + group * size;
    return Array.from({ length: Math.min(size, end - first) }, (__, i) => first + i);
  });
}

function ownOf(group: readonly number[], plan: Plan, rank: number, size: number): number[] {
  const frames = group.map((position) => plan[position].frames);
  return sharesOf(frames, size)[rank].map((number) => group[number]);
}

/** Without the parts of which no utterance could be loaded. */
function updateOf(positions: readonly number[], plan: Plan, loaded: readonly Batch[]): Update {
  const utterances = positions.flatMap((position) => plan[position].indices);
  const parts = loaded.filter(({ B }) => B > 0);
  const numbers = parts.map(({ position }) => positions.indexOf(position));
  const places = parts.flatMap(({ indices }) => indices.map((index) => utterances.indexOf(index)));
  return { positions, utterances, parts, numbers, places };
}
