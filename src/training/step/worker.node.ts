// The training worker: programs, CTC and updates run here, so that the main thread keeps the progress bar, the data and
// Ctrl-C (a run of the engine blocks its event loop). Messages in, results out; only plain data crosses.

import { parentPort } from "node:worker_threads";
import { EarshotError, type Fault } from "../../errors.ts";
import type { StepBatch, StepPlan, StepRequest, StepState } from "./step-plan.ts";
import { TrainStep } from "./train-step.ts";

export type Request =
  | { readonly call: "open"; readonly plan: StepPlan; readonly state: StepState }
  | { readonly call: "step"; readonly parts: readonly StepBatch[]; readonly request: StepRequest }
  | { readonly call: "evaluate" | "inspect"; readonly batch: StepBatch }
  | { readonly call: "state" }
  | { readonly call: "close" };

export interface Reply {
  readonly result?: unknown;
  /** What was thrown, as far as it crosses. */
  readonly fault?: Fault;
}

let open: TrainStep | undefined;

async function answer(request: Request): Promise<unknown> {
  if (request.call === "open") {
    open = await TrainStep.open(request.plan, request.state);
    return open.warnings;
  }
  const step = open!;
  if (request.call === "step") return step.step(request.parts, request.request);
  if (request.call === "evaluate") return step.evaluate(request.batch);
  if (request.call === "inspect") return step.inspect(request.batch);
  return request.call === "state" ? step.state : step.close();
}

function faultOf(error: unknown): Fault {
  if (error instanceof EarshotError) {
    const { code, where, problem, remedy } = error;
    return { code, where, problem, remedy };
  }
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "TRAINING_FAILED", problem, remedy: "This is a bug in Earshot: please report it." };
}

parentPort?.on("message", async (request: Request) => {
  try {
    parentPort!.postMessage({ result: await answer(request) } satisfies Reply);
  } catch (error) {
    parentPort!.postMessage({ fault: faultOf(error) } satisfies Reply);
  }
});
