// Which weights a run leaves as they are: those of the layers that the setting `freeze` names.

import { EarshotError } from "../../errors.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";

/**
 * The weights that belong to the layers named: "h4" stands for h4.weight, h4.bias, h4.forward and h4.backward.
 * @throws EarshotError UNKNOWN_LAYER, NOTHING_TO_TRAIN
 */
export function frozenWeights(architecture: Architecture, layers: readonly string[]): ReadonlySet<string> {
  const names = [...parameterShapes(architecture).keys()];
  const belongsTo = (layer: string) => (name: string) => name === layer || name.startsWith(`${layer}.`);
  const unknown = layers.find((layer) => !names.some(belongsTo(layer)));
  if (unknown !== undefined) throw unknownLayer(unknown, names);
  const frozen = names.filter((name) => layers.some((layer) => belongsTo(layer)(name)));
  if (frozen.length === names.length) throw nothingToTrain();
  return new Set(frozen);
}

function unknownLayer(layer: string, names: readonly string[]): EarshotError {
  const layers = [...new Set(names.map((name) => name.split(".")[0]))];
  return new EarshotError({
    code: "UNKNOWN_LAYER",
    where: "settings: freeze",
    problem: `The network has no layer and no weight named "${layer}".`,
    remedy: `Its layers: ${layers.join(", ")}; their weights: ${names.join(", ")}.`,
  });
}

function nothingToTrain(): EarshotError {
  return new EarshotError({
    code: "NOTHING_TO_TRAIN",
    where: "settings: freeze",
    problem: "Every layer is frozen.",
    remedy: "Leave at least one layer out of freeze.",
  });
}
