// The work of the training worker: one train step, opened by the first call. Plain data in, plain data out.

import type { Fault } from "../../errors.ts";
import { joinRanks, sha256, type Ranks } from "../../platform/index.ts";
import { combineOverRanks } from "../ranks/combine-over-ranks.ts";
import { sumHalves } from "../ranks/sum-halves.ts";
import { sumOverRanks } from "../ranks/sum-gradients.ts";
import { SharedFault } from "../ranks/together.ts";
import { openStep } from "./open-step.ts";
import type { StepBatch, StepOutcome, StepPlan, StepRequest, StepState } from "./step-plan.ts";
import type { CombineGradients } from "./train-step.ts";

export type TrainingWork = ReturnType<typeof trainingWork>;

/** For one worker. @param join how it becomes one of the ranks of its plan */
export function trainingWork(join: typeof joinRanks = joinRanks) {
  let step: Awaited<ReturnType<typeof openStep>>;
  return {
    open: async (plan: StepPlan, state: StepState) => {
      const ranks = plan.ranks && (await join(plan.ranks.shared));
      step = await openStep(plan, state, ranks && combineAs(plan, ranks));
      return step.warnings;
    },
    step: (parts: readonly StepBatch[], request: StepRequest): Promise<StepOutcome> =>
      step.step(parts, request).catch(sharedOutcome),
    digest: async () => digestOf(await step.readState()),
    evaluate: (batch: StepBatch) => step.evaluate(batch),
    losses: (batch: StepBatch, labellings: readonly StepBatch["labels"][]) => step.losses(batch, labellings),
    inspect: (batch: StepBatch) => step.inspect(batch),
    state: () => step.readState(),
    close: () => step.close(),
  };
}

function combineAs({ ranks, programs }: StepPlan, joined: Ranks): CombineGradients {
  const sums = ranks!.compression === "float16" ? sumHalves(joined) : sumOverRanks(joined);
  return combineOverRanks(joined, sums, programs.followed.length > 0);
}

/** A fault that all ranks know of is an outcome, so that it is still known for that in the other thread. */
function sharedOutcome(error: unknown): StepOutcome {
  if (!(error instanceof SharedFault)) throw error;
  return { losses: new Float64Array(), gradientNorm: Number.NaN, fault: error.fault };
}

/** Of the weights. */
function digestOf({ weights }: StepState): string {
  const hash = sha256();
  for (const [name, { data }] of weights)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest();
}

/** The fault for an error without a code. */
export function trainingFailed(error: unknown): Fault {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "TRAINING_FAILED", problem, remedy: "This is a bug in Earshot: please report it." };
}
