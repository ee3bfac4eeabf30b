// The tensors of a layer of PyTorch, recognized by their names and shapes: which weight of ours each becomes, and how. Linear
// keeps its matrix as [outputs, inputs], ours is [inputs, outputs]; recurrent layers have two biases where ours has one, and
// a GRU's second bias is partly inside its reset gate (torch.nn.Linear, LSTM, GRU, RNN and the cells of these); kernels of
// convolutions are as ours, or become the matrix of a window; normalizations and MultiheadAttention have names of their own.

import { isNamedBy } from "../../network/index.ts";
import type { TensorData } from "../../tensor.ts";
import { mismatchOfWeights } from "./mismatch.ts";
import type { CellDirection, Placement, WeightMap } from "./weight-map.ts";

export interface Placed extends Placement {
  /** The tensor of theirs. */
  readonly from: string;
}

type Tensors = ReadonlyMap<string, TensorData>;
type Shapes = ReadonlyMap<string, readonly number[]>;
type LayerTarget = { readonly to: readonly string[]; readonly direction?: CellDirection };

/** By how many gates stand on each other in a recurrent matrix; ours stand in the same order. */
const GATES: Readonly<Record<number, string | undefined>> = { 1: "", 3: "rzn", 4: "ifgo" };

/** What layers without a recurrence call what ours call otherwise: batch normalization, attention. */
const OTHER_NAMES: Readonly<Record<string, string | undefined>> = {
  bias: "bias",
  running_mean: "mean",
  running_var: "variance",
  in_proj_weight: "in.weight",
  in_proj_bias: "in.bias",
  "out_proj.weight": "out.weight",
  "out_proj.bias": "out.bias",
};

/**
 * What the map says of a single tensor holds, whatever that is to a layer.
 * @throws WEIGHTS_MISMATCH for a layer that is not there, or none that is known
 */
export function placeLayers(
  { layers, tensors: single, ignore }: WeightMap,
  tensors: Tensors,
  ours: Shapes,
  where: string,
): Placed[] {
  return Object.entries(layers).flatMap(([name, given]) => {
    const own = [...tensors.keys()].filter((tensor) => tensor.startsWith(`${name}.`));
    if (own.length === 0) throw absentLayer(name, [...tensors.keys()], where);
    const others = own.filter((tensor) => !(tensor in single) && !isNamedBy(ignore, tensor));
    const target = targetOf(given);
    return others.flatMap((tensor) => {
      const suffix = tensor.slice(name.length + 1);
      const plainLayer = placeOfLayer(tensor, suffix, target.to[0], tensors, ours);
      return plainLayer ?? placesOf(tensor, suffix, target, tensors, where);
    });
  });
}

/** Of a layer that does not recur; undefined for what is none of its tensors. */
function placeOfLayer(
  from: string,
  suffix: string,
  to: string,
  tensors: Tensors,
  ours: Shapes,
): Placed[] | undefined {
  const { dims } = tensors.get(from)!;
  if (suffix === "weight") {
    if (dims.length === 1) return [plain(from, `${to}.scale`)];
    const weight = plain(from, `${to}.weight`);
    if (dims.length === 2) return [{ ...weight, transpose: true }];
    const isKernel = ours.get(weight.to)?.length === dims.length;
    return [isKernel ? weight : { ...weight, transpose: true, flatten: true }];
  }
  const own = OTHER_NAMES[suffix];
  return own === undefined ? undefined : [{ ...plain(from, `${to}.${own}`), transpose: dims.length === 2 }];
}

function targetOf(given: WeightMap["layers"][string]): LayerTarget {
  if (typeof given === "string") return { to: [given] };
  if (!("to" in given)) return { to: given };
  return { to: typeof given.to === "string" ? [given.to] : given.to, direction: given.direction };
}

function placesOf(
  from: string,
  suffix: string,
  { to: layers, direction }: LayerTarget,
  tensors: Tensors,
  where: string,
): Placed[] {
  const parts = /^(weight|bias)_(ih|hh)(?:_l(\d+)(_reverse)?)?$/.exec(suffix);
  const to = layers[Number(parts?.[3] ?? 0)];
  if (!parts || to === undefined) throw unknownTensor(from, layers, where);
  const way = parts[4] ? "backward" : (direction ?? "forward");
  const gates = gatesOf(from, tensors, where);
  return placeOfCell(from, `${parts[1]}_${parts[2]}`, to, way, gates);
}

function placeOfCell(
  from: string,
  part: string,
  to: string,
  direction: CellDirection,
  gates: string,
): Placed[] {
  const stated = gates === "" ? {} : { gates };
  if (part === "weight_ih")
    return [{ ...plain(from, `${to}.weight`), ...stated, transpose: true, direction }];
  if (part === "weight_hh") return [{ ...plain(from, `${to}.${direction}`), ...stated, transpose: true }];
  const bias = { ...plain(from, `${to}.bias`), ...stated, add: true, direction };
  if (part === "bias_ih" || gates !== "rzn") return [bias];
  return [
    { ...bias, only: "rz" },
    { ...plain(from, `${to}.${direction}.bias`), ...stated, only: "n" },
  ];
}

/** As it is. */
export const plain = (from: string, to: string): Placed => ({
  from,
  to,
  transpose: false,
  flatten: false,
  add: false,
});

/** Of the cell that a tensor belongs to, by its recurrent matrix [gates × H, H]. */
function gatesOf(from: string, tensors: Tensors, where: string): string {
  const matrix = from.replace(/(?:weight|bias)_(?:ih|hh)(?=(?:_l\d+)?(?:_reverse)?$)/, "weight_hh");
  const dims = tensors.get(matrix)?.dims ?? [];
  const gates = GATES[dims[0] / dims[1]];
  if (gates !== undefined && dims.length === 2) return gates;
  throw mismatchOfWeights(
    `${where}: ${matrix}`,
    `The recurrent matrix that "${from}" needs beside it is ${dims.length === 0 ? "missing" : `[${dims.join(", ")}]`}, where [H, H], [3H, H] (GRU) or [4H, H] (LSTM) is expected.`,
    "Give its tensors one by one, under tensors in the map.",
  );
}

function absentLayer(name: string, tensors: readonly string[], where: string) {
  const modules = [...new Set(tensors.map((tensor) => tensor.replace(/\.[^.]*$/, "")))];
  return mismatchOfWeights(
    where,
    `There is no tensor of a layer "${name}".`,
    `Correct the map; the layers of the file are: ${modules.join(", ")}.`,
  );
}

function unknownTensor(from: string, layers: readonly string[], where: string) {
  return mismatchOfWeights(
    `${where}: ${from}`,
    `What it is to ${layers.join(", ")} cannot be recognized by its name.`,
    "Of several recurrent layers give a list, one layer of ours for each; anything else goes under tensors in the map, tensor by tensor, or under ignore.",
  );
}
