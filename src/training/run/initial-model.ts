// The state that a run begins with: fresh weights, or those of a model that is to be tuned to new data. The output layer
// of another alphabet is begun anew, since its symbols mean something else.

import { EarshotError, type Warning } from "../../errors.ts";
import { loadModelFile, type ModelFile } from "../../model/index.ts";
import { initializeWeights, parameterShapes, type Architecture, type Weights } from "../../network/index.ts";
import type { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { StepState } from "../step/step-plan.ts";
import { emptySlots } from "../step/train-step.ts";
import { differencesOfShape, type RunNetwork } from "./model-differences.ts";

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
  const anew = begunAnew(model, { architecture, alphabet });
  checkFits(model, { architecture, alphabet, features }, given ? "the initial model" : path);
  const weights = new Map(
    [...fresh].map(([name, tensor]) => [name, anew.has(name) ? tensor : model.weights.get(name)!]),
  );
  const warnings = [...outputLayerNew(anew), ...featuresDiffer(model.features, features)];
  return { state: stateOf(weights), warnings };
}

/** The weights that mean something else in another alphabet. */
function begunAnew(
  model: ModelFile,
  { architecture, alphabet }: Pick<RunNetwork, "architecture" | "alphabet">,
): ReadonlySet<string> {
  return sameSymbols(model.alphabet, alphabet) ? new Set() : outputWeights(architecture);
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

/** @throws EarshotError INITIAL_MODEL_MISMATCH where a run cannot take the model's weights */
export function checkFits(model: ModelFile, run: RunNetwork, where?: string): void {
  const wanted = parameterShapes(run.architecture);
  const anew = begunAnew(model, run);
  const odd = [...new Set([...wanted.keys(), ...model.weights.keys()])].find(
    (name) => !anew.has(name) && wanted.get(name)?.join() !== model.weights.get(name)?.dims.join(),
  );
  if (odd !== undefined) throw mismatch(odd, model, run, where);
}

/** Names the settings that make the difference; a weight where none does. */
function mismatch(odd: string, model: ModelFile, run: RunNetwork, where?: string): EarshotError {
  const differences = differencesOfShape(model, run);
  const names = differences.map(({ path }) => path).join(", ");
  const [wanted, came] = [parameterShapes(run.architecture).get(odd), model.weights.get(odd)?.dims];
  const shapes = `Its "${odd}" is ${shapeOf(came)}, where the run's network has ${shapeOf(wanted)}.`;
  const said = differences.map(({ path, wanted, own }) => `${path} is ${wanted}, where the model has ${own}`);
  return new EarshotError({
    code: "INITIAL_MODEL_MISMATCH",
    where,
    problem: names === "" ? shapes : `${said.join("; ")}.`,
    remedy:
      names === ""
        ? "Give the run the model's own settings of network and features: earshot inspect shows them."
        : `Leave ${names} out, since a run takes what is not set from its initial model; or leave out initialModel.`,
  });
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
