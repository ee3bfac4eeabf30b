// Which weights a run leaves as they are: those of the layers that the setting `freeze` names.

import { EarshotError } from "../../errors.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import { weightsByPattern } from "./layer-names.ts";

/**
 * The weights that belong to the layers named: "h4" stands for h4.weight, h4.bias, h4.forward and h4.backward.
 * @throws EarshotError UNKNOWN_LAYER, NOTHING_TO_TRAIN
 */
export function frozenWeights(architecture: Architecture, layers: readonly string[]): ReadonlySet<string> {
  const frozen = new Set([...weightsByPattern(architecture, layers, "freeze").values()].flat());
  if (frozen.size === parameterShapes(architecture).size) throw nothingToTrain();
  return frozen;
}

function nothingToTrain(): EarshotError {
  return new EarshotError({
    code: "NOTHING_TO_TRAIN",
    where: "settings: freeze",
    problem: "Every layer is frozen.",
    remedy: "Leave at least one layer out of freeze.",
  });
}
