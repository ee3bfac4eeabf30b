// The loss between the layers of a network, as settings and architecture want it, and the weights that only it needs.

import { conditionedPlaces, initializeWeights, type Architecture } from "../../network/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { IntermediateLoss } from "./programs.ts";
import type { StepState } from "./step-plan.ts";
import { emptySlots } from "./train-step.ts";

/** A head without a share of the loss is none. */
export function intermediateLoss(
  { intermediate: { heads, weight } }: Pick<TrainingSettings, "intermediate">,
  architecture: Architecture,
): IntermediateLoss {
  return { heads: weight > 0 && conditionedPlaces(architecture) === 0 ? heads : 0, weight };
}

/** The state with the weights of the heads that only training has, fresh from the seed. */
export function withHeads(
  state: StepState,
  architecture: Architecture,
  settings: Pick<TrainingSettings, "intermediate" | "optimizer" | "seed">,
): StepState {
  const { heads } = intermediateLoss(settings, architecture);
  if (heads === 0) return state;
  const all = [...initializeWeights(architecture, settings.seed, heads)];
  const added = new Map(all.filter(([name]) => !state.weights.has(name)));
  return {
    ...state,
    weights: new Map([...state.weights, ...added]),
    slots: new Map([...state.slots, ...emptySlots(added, settings.optimizer)]),
  };
}
