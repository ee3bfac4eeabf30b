// Which weights are meant by the name of a layer in settings: "h4" is h4.weight, h4.bias, h4.forward and h4.backward; a star
// stands for any letters, so that "h*" is every layer whose name begins with h.

import { EarshotError, nearestName } from "../../errors.ts";
import { isNamedBy, parameterShapes, type Architecture } from "../../network/index.ts";

/**
 * Of each pattern the weights that it names.
 * @param where the setting
 * @throws EarshotError UNKNOWN_LAYER where it names none
 */
export function weightsByPattern(
  architecture: Architecture,
  patterns: readonly string[],
  where: string,
): ReadonlyMap<string, readonly string[]> {
  const names = [...parameterShapes(architecture).keys()];
  const weightsOf = (pattern: string): readonly string[] => {
    const weights = names.filter((name) => isNamedBy([pattern, `${pattern}.*`], name));
    if (weights.length === 0) throw unknownLayer(pattern, names, where);
    return weights;
  };
  return new Map(patterns.map((pattern) => [pattern, weightsOf(pattern)]));
}

/** Of more weights, those of a deep network, the layers alone are listed, and how weights are named. */
const MOST_LISTED = 24;

function unknownLayer(layer: string, names: readonly string[], where: string): EarshotError {
  const layers = [...new Set(names.map((name) => name.split(".")[0]))];
  const near = nearestName(layer, [...layers, ...names]);
  const weights =
    names.length > MOST_LISTED
      ? `weights have names such as ${names[0]}`
      : `their weights: ${names.join(", ")}`;
  return new EarshotError({
    code: "UNKNOWN_LAYER",
    where: `settings: ${where}`,
    problem: `The network has no layer and no weight named "${layer}".`,
    remedy: `${near === undefined ? "" : `Did you mean "${near}"? `}Its layers: ${layers.join(", ")}; ${weights}.`,
  });
}
