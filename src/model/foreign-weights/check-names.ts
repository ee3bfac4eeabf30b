// Whether a map leaves nothing over: each tensor of theirs has a place or is ignored, and each weight of ours is brought.

import { nearestName } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import { isNamedBy } from "../../network/index.ts";
import type { TensorData } from "../../tensor.ts";
import { mismatchOfWeights, shapeText } from "./mismatch.ts";
import type { Placed } from "./torch-layers.ts";
import type { WeightMap } from "./weight-map.ts";

type Named<Value> = ReadonlyMap<string, Value>;

/** What errors call the file of the weights, and the map. */
interface Places {
  readonly where: string;
  readonly mapWhere: string;
}

/** Whether all that a map names is there. @throws WEIGHTS_MISMATCH */
export function checkKnown(
  placed: readonly Placed[],
  { zeros }: Pick<WeightMap, "zeros">,
  theirs: Named<TensorData>,
  ours: Named<readonly number[]>,
  { where, mapWhere }: Places,
): void {
  for (const { from } of placed)
    if (!theirs.has(from)) throw unknown(from, [...theirs.keys()], `in ${where}`, mapWhere);
  for (const to of [...placed.map((each) => each.to), ...zeros])
    if (!ours.has(to)) throw unknown(to, [...ours.keys()], "in the network", mapWhere);
}

/** Whether a map leaves nothing over. @throws WEIGHTS_MISMATCH */
export function checkComplete(
  placed: readonly Placed[],
  { ignore, zeros }: Pick<WeightMap, "ignore" | "zeros">,
  theirs: Named<TensorData>,
  ours: Named<readonly number[]>,
  { where, mapWhere }: Places,
): void {
  const brought = new Set([...placed.map(({ to }) => to), ...zeros]);
  const missing = [...ours].filter(([name]) => !brought.has(name));
  if (missing.length > 0) throw missingWeights(missing, mapWhere);
  const used = new Set(placed.map(({ from }) => from));
  const over = [...theirs].filter(([name]) => !used.has(name) && !isNamedBy(ignore, name));
  if (over.length > 0) throw leftOver(over, where);
}

/** Of a deep network some are enough; `earshot import` without a map lists all. */
const MOST_LISTED = 8;

const listed = (names: readonly string[]): string => inBrief(names, MOST_LISTED);

function unknown(name: string, names: readonly string[], holder: string, mapWhere: string) {
  const near = nearestName(name, names);
  return mismatchOfWeights(
    `${mapWhere}: ${name}`,
    `There is no tensor "${name}" ${holder}.`,
    near === undefined ? `Correct the map; there are ${listed(names)}.` : `Did you mean "${near}"?`,
  );
}

function missingWeights(missing: readonly (readonly [string, readonly number[]])[], mapWhere: string) {
  const list = listed(missing.map(([name, shape]) => `"${name}" ${shapeText(shape)}`));
  return mismatchOfWeights(
    mapWhere,
    `Nothing becomes ${list}.`,
    "Name in the map the tensors that they come from, or list them under zeros; or set the network to what the weights were trained as.",
  );
}

function leftOver(over: readonly (readonly [string, TensorData])[], where: string) {
  const list = listed(over.map(([name, { dims }]) => `"${name}" ${shapeText(dims)}`));
  return mismatchOfWeights(
    where,
    `The map has no place for ${list}.`,
    "Give each a place in the map, or list it under ignore; or set the network to what they were trained as.",
  );
}
