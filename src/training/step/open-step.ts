// Which train step a plan gets: on a device where its engine computes on one, else the plain one. A device that was not asked
// for by its name has to prove itself.

import { GPU, openEngine } from "../../engine/index.ts";
import { EarshotError } from "../../errors.ts";
import { DeviceStep } from "./device-step.ts";
import type { StepPlan, StepState } from "./step-plan.ts";
import { ProvenStep } from "./proven-step.ts";
import { TrainStep, type CombineGradients } from "./train-step.ts";

/** @throws EarshotError of the engine; INVALID_SETTING where a device would have to learn from segments */
export async function openStep(
  plan: StepPlan,
  state: StepState,
  combine?: CombineGradients,
): Promise<TrainStep | DeviceStep | ProvenStep> {
  const engine = await openEngine(plan.engine);
  const { device } = plan;
  if (!device || !engine.loadOnDevice) return TrainStep.open(plan, state, combine);
  if (plan.segments) throw notInSegments(engine.name);
  if (combine) throw notOverRanks(engine.name);
  const openDevice = (own: StepState) => DeviceStep.open({ ...plan, device }, own, engine);
  return plan.engine === GPU ? ProvenStep.open(plan, state, engine, openDevice) : openDevice(state);
}

function notOverRanks(engine: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "engine",
    problem: `The engine "${engine}" does not learn together with other ranks.`,
    remedy: 'Use the engine "cpu", or start without mpirun.',
  });
}

function notInSegments(engine: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "segmentSeconds",
    problem: `The engine "${engine}" does not learn from recordings in segments.`,
    remedy: 'Set segmentSeconds to 0, or use the engine "cpu".',
  });
}
