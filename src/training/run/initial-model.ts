// The state that a run begins with: fresh weights, or those of a model that is to be tuned to new data. In another alphabet
// what belongs to symbols that both have is kept, and the rest is begun anew.

import { EarshotError, type Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import { loadModelFile, type ModelFile } from "../../model/index.ts";
import { initializeWeights, parameterShapes, type Architecture, type Weights } from "../../network/index.ts";
import type { Float32Tensor } from "../../tensor.ts";
import type { Alphabet } from "../../text/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { StepState } from "../step/step-plan.ts";
import { emptySlots } from "../step/train-step.ts";
import { differencesOfShape, type RunNetwork } from "./model-differences.ts";
import { indicesIn, symbolAxes, withSharedRows } from "./shared-symbols.ts";

export interface InitialState {
  readonly state: StepState;
  /** `OUTPUT_ROWS_NEW`, `OUTPUT_LAYER_NEW`, `FEATURES_DIFFER` */
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
  checkFits(model, { architecture, alphabet, features }, given ? "the initial model" : path);
  const axes = changedAxes(model, { architecture, alphabet });
  const from = indicesIn(model.alphabet, alphabet);
  const begun = (name: string, weight: Float32Tensor): Float32Tensor => {
    const old = model.weights.get(name);
    const own = axes.get(name);
    if (!own) return old!;
    return own.length > 0 && old ? withSharedRows(weight, old, own, from) : weight;
  };
  const weights = new Map([...fresh].map(([name, weight]) => [name, begun(name, weight)]));
  const warnings = [
    ...alphabetChanged(model.alphabet, alphabet, axes),
    ...featuresDiffer(model.features, features),
  ];
  return { state: stateOf(weights), warnings };
}

/** The weights that are not the model's as they stand, since its alphabet is another, with their axes of symbols. */
function changedAxes(
  model: ModelFile,
  { architecture, alphabet }: Pick<RunNetwork, "architecture" | "alphabet">,
): ReadonlyMap<string, readonly number[]> {
  return sameSymbols(model.alphabet, alphabet) ? new Map() : symbolAxes(architecture);
}

const sameSymbols = (a: Alphabet, b: Alphabet) => JSON.stringify(a) === JSON.stringify(b);

/** @throws EarshotError INITIAL_MODEL_MISMATCH where a run cannot take the model's weights */
export function checkFits(model: ModelFile, run: RunNetwork, where?: string): void {
  const wanted = parameterShapes(run.architecture);
  const changed = changedAxes(model, run);
  const fits = (name: string): boolean => {
    const axes = changed.get(name);
    if (axes?.length === 0) return true; // begun anew, whatever it was
    const dims = wanted.get(name)?.map((size, axis) => (axes?.includes(axis) ? model.alphabet.size : size));
    return dims?.join() === model.weights.get(name)?.dims.join();
  };
  const odd = [...new Set([...wanted.keys(), ...model.weights.keys()])].find((name) => !fits(name));
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

/** Nothing where the symbols are the same in another order. */
function alphabetChanged(
  old: Alphabet,
  alphabet: Alphabet,
  axes: ReadonlyMap<string, readonly number[]>,
): Warning[] {
  if (axes.size === 0) return [];
  const added = alphabet.symbols.filter((symbol) => !old.symbols.includes(symbol));
  const gone = old.symbols.filter((symbol) => !alphabet.symbols.includes(symbol));
  const anew = [...axes].filter(([, own]) => own.length === 0).map(([name]) => name);
  const shared = alphabet.symbols.length - added.length;
  const all = [...axes.keys()].join(", ");
  const begins = `The alphabet is not the initial model's: the output layer`;
  if (shared === 0 || anew.length > 0) {
    const kept = shared === 0 ? " but for the blank" : "";
    const message = `${begins} (${shared === 0 ? all : anew.join(", ")}) begins anew${kept}.`;
    return [{ code: "OUTPUT_LAYER_NEW", message }];
  }
  if (added.length + gone.length === 0) return [];
  const begun = added.length > 0 ? `, and begins anew for ${named(added)}` : "";
  const left = gone.length > 0 ? `; ${named(gone)} ${gone.length === 1 ? "is" : "are"} left out` : "";
  const message = `${begins} (${all}) keeps what belongs to the blank and to ${shared} symbols that both have${begun}${left}.`;
  return [{ code: "OUTPUT_ROWS_NEW", message }];
}

const named = (symbols: readonly string[]): string =>
  inBrief(symbols.map((symbol) => JSON.stringify(symbol)));

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
