// The state that a run begins with: fresh weights, or those of a model that is to be tuned to new data. The output layer
// of another alphabet is begun anew, since its symbols mean something else.

import { EarshotError, type Warning } from "../../errors.ts";
import { loadModelFile, type ModelFile } from "../../model/index.ts";
import { initializeWeights, parameterShapes, type Architecture, type Weights } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { StepState } from "../step/step-plan.ts";
import { emptySlots } from "../step/train-step.ts";

export interface InitialState {
  readonly state: StepState;
  /** `OUTPUT_LAYER_NEW`, `FEATURES_DIFFER` */
  readonly warnings: readonly Warning[];
}

/**
 * @param given what to begin with, in place of the model that the settings name
 * @throws EarshotError of the model file; INITIAL_MODEL_MISMATCH when its network is another
 */
export async function initialState(
  { initialModel: path, seed, features, optimizer }: TrainingSettings,
  architecture: Architecture,
  alphabet: Alphabet,
  given?: ModelFile,
): Promise<InitialState> {
  const fresh = initializeWeights(architecture, seed);
  const stateOf = (weights: Weights) => ({ weights, slots: emptySlots(weights, optimizer) });
  const model = given ?? (path === undefined ? undefined : await loadModelFile(path));
  if (!model) return { state: stateOf(fresh), warnings: [] };
  const anew = sameSymbols(model.alphabet, alphabet) ? new Set<string>() : outputWeights(architecture);
  checkWeights(model, fresh, anew, given ? "the initial model" : path);
  const weights = new Map(
    [...fresh].map(([name, tensor]) => [name, anew.has(name) ? tensor : model.weights.get(name)!]),
  );
  const warnings = [...outputLayerNew(anew), ...featuresDiffer(model.features, features)];
  return { state: stateOf(weights), warnings };
}

const sameSymbols = (a: Alphabet, b: Alphabet) => JSON.stringify(a) === JSON.stringify(b);

/** The weights whose size depends on the number of symbols. */
function outputWeights(architecture: Architecture): ReadonlySet<string> {
  const larger = parameterShapes({ ...architecture, symbols: architecture.symbols + 1 });
  const shapes = [...parameterShapes(architecture)];
  return new Set(
    shapes.filter(([name, dims]) => larger.get(name)!.join() !== dims.join()).map(([name]) => name),
  );
}

function checkWeights(model: ModelFile, fresh: Weights, anew: ReadonlySet<string>, where?: string): void {
  const names = new Set([...fresh.keys(), ...model.weights.keys()]);
  for (const name of names) {
    const [wanted, came] = [fresh.get(name)?.dims, model.weights.get(name)?.dims];
    if (anew.has(name) || wanted?.join() === came?.join()) continue;
    throw new EarshotError({
      code: "INITIAL_MODEL_MISMATCH",
      where,
      problem: `Its "${name}" is ${shapeOf(came)}, where the run's network has ${shapeOf(wanted)}.`,
      remedy: "Give the run the model's own settings of network and features: earshot inspect shows them.",
    });
  }
}

const shapeOf = (dims: readonly number[] | undefined) => (dims ? `[${dims.join(", ")}]` : "missing");

function outputLayerNew(anew: ReadonlySet<string>): Warning[] {
  if (anew.size === 0) return [];
  const names = [...anew].join(", ");
  const message = `The alphabet is not the initial model's: the output layer (${names}) begins anew.`;
  return [{ code: "OUTPUT_LAYER_NEW", message }];
}

type Features = TrainingSettings["features"];

/** Frames of the same size that mean something else: allowed, for the network can learn them, but seldom meant. */
function featuresDiffer(old: Features, wanted: Features): Warning[] {
  const keys = Object.keys(wanted) as (keyof Features)[];
  const odd = keys
    .filter((key) => old[key] !== wanted[key])
    .map((key) => `${key} ${old[key]} → ${wanted[key]}`);
  if (odd.length === 0) return [];
  return [
    { code: "FEATURES_DIFFER", message: `The features are not the initial model's: ${odd.join(", ")}.` },
  ];
}
