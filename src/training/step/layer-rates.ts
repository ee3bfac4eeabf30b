// What of the learning rate the weights of single layers take: the setting `layerRates`.

import type { Architecture } from "../../network/index.ts";
import { weightsByPattern } from "./layer-names.ts";

/**
 * Of each weight that a pattern names the factor of the learning rate; of several that name it the last counts.
 * @throws EarshotError UNKNOWN_LAYER
 */
export function layerRatesOf(
  architecture: Architecture,
  rates: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const weights = weightsByPattern(architecture, Object.keys(rates), "layerRates");
  return Object.fromEntries(
    [...weights].flatMap(([pattern, names]) => names.map((name) => [name, rates[pattern]] as const)),
  );
}
