// What a training step did, read from an export: one entry for each parameter, one for each hidden layer.

import type { Float64Tensor } from "../../../tensor.ts";
import type { ParameterStep, UnitActivity } from "./batch-evidence.ts";
import { unfitEvidence, type NamedArrays } from "./named-arrays.ts";

const NO_GRADIENT = -1; // as tools/probe.py writes it

/** @throws UNFIT_EVIDENCE when the lists differ in length */
export function parametersOf(
  arrays: ReadonlyMap<string, Float64Tensor>,
  facts: NamedArrays["facts"],
  where: string,
): ParameterStep[] | undefined {
  const gradients = arrays.get("gradient_norms")?.data;
  if (!gradients) return undefined;
  const list = (name: string): Float64Array => {
    const data = arrays.get(name)?.data;
    if (data?.length === gradients.length) return data;
    const came = data ? `${data.length} entries` : "nothing";
    throw unfitEvidence(
      `${where}: ${name}`,
      `There are ${gradients.length} gradient_norms, but ${came} here.`,
      "Export one entry for each parameter, in one order; tools/probe.py does.",
    );
  };
  const [norms, changes, ranks, sizes] = [
    "parameter_norms",
    "change_norms",
    "parameter_ranks",
    "parameter_sizes",
  ].map(list);
  const names = stringsOf(facts.parameter_names);
  return Array.from(gradients, (gradient, i) => ({
    name: names[i] ?? `parameter ${i}`,
    rank: ranks[i],
    size: sizes[i],
    norm: norms[i],
    ...(gradient !== NO_GRADIENT && { gradient }),
    change: changes[i],
  }));
}

/** `activity_0` and so on are [2, H]: the shares at zero, and at the layer's largest value. */
export function activityOf(
  arrays: ReadonlyMap<string, Float64Tensor>,
  facts: NamedArrays["facts"],
): UnitActivity[] | undefined {
  const names = stringsOf(facts.layer_names);
  const layers = [...arrays].flatMap(([key, { dims, data }]) => {
    const [, index] = /^activity_(\d+)$/.exec(key) ?? [];
    if (index === undefined || dims.length !== 2 || dims[0] !== 2) return [];
    const name = names[Number(index)] ?? `layer ${index}`;
    return [{ name, zeroShares: data.slice(0, dims[1]), topShares: data.slice(dims[1]) }];
  });
  return layers.length > 0 ? layers : undefined;
}

const stringsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? value : [];
