// Which settings of a run make its network another one than that of a model: told by the shapes that each of them alone
// would give the model's weights.

import { featureSize } from "../../audio/index.ts";
import type { ModelFile } from "../../model/index.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../settings.ts";

/** The parts of a run that decide which weights it has. */
export interface RunNetwork {
  readonly architecture: Architecture;
  readonly alphabet: Alphabet;
  readonly features: TrainingSettings["features"];
}

interface Difference {
  /** As in the settings: `network.width`. */
  readonly path: string;
  /** Both as JSON. */
  readonly wanted: string;
  readonly own: string;
}

/** Those that alone change a shape; where none does, but several together, all that differ. */
export function differencesOfShape(model: ModelFile, { architecture, features }: RunNetwork): Difference[] {
  const own = model.architecture;
  const network = differing("network", own.network, architecture.network);
  const name = network.find(({ path }) => path === "network.name");
  if (name) return [name];
  const changes = (key: string): boolean => {
    const changed = { ...own.network, [key]: architecture.network[key] };
    return shapesOf({ ...own, network: changed }) !== shapesOf(own);
  };
  const sizes = (key: string): boolean =>
    featureSize({ ...model.features, [key]: features[key as keyof typeof features] }) !== own.features;
  const ofFeatures = differing("features", model.features, features);
  const alone = [
    ...network.filter(({ path }) => changes(keyOf(path))),
    ...ofFeatures.filter(({ path }) => sizes(keyOf(path))),
  ];
  return alone.length > 0 ? alone : [...network, ...ofFeatures];
}

function differing(table: string, own: object, wanted: object): Difference[] {
  const ofModel = new Map(Object.entries(own).map(([key, value]) => [key, JSON.stringify(value)]));
  return Object.entries(wanted)
    .map(([key, value]) => ({
      path: `${table}.${key}`,
      wanted: JSON.stringify(value),
      own: ofModel.get(key) ?? "none",
    }))
    .filter((each) => each.own !== each.wanted);
}

const keyOf = (path: string): string => path.slice(path.indexOf(".") + 1);

/** Empty where a network of these settings cannot be. */
function shapesOf(architecture: Architecture): string {
  try {
    return JSON.stringify([...parameterShapes(architecture)]);
  } catch {
    return "";
  }
}
