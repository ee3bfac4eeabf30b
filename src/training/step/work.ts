// The work of the training worker: one train step, opened by the first call. Plain data in, plain data out.

import type { Fault } from "../../errors.ts";
import { openStep } from "./open-step.ts";
import type { StepBatch, StepPlan, StepRequest, StepState } from "./step-plan.ts";

export type TrainingWork = ReturnType<typeof trainingWork>;

/** For one worker. */
export function trainingWork() {
  let step: Awaited<ReturnType<typeof openStep>>;
  return {
    open: async (plan: StepPlan, state: StepState) => {
      step = await openStep(plan, state);
      return step.warnings;
    },
    step: (parts: readonly StepBatch[], request: StepRequest) => step.step(parts, request),
    evaluate: (batch: StepBatch) => step.evaluate(batch),
    inspect: (batch: StepBatch) => step.inspect(batch),
    state: () => step.readState(),
    close: () => step.close(),
  };
}

/** The fault for an error without a code. */
export function trainingFailed(error: unknown): Fault {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "TRAINING_FAILED", problem, remedy: "This is a bug in Earshot: please report it." };
}
