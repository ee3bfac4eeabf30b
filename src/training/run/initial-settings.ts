// The settings of a run that begins with a model: whatever is not set is the model's, so that its weights fit without a
// word. What is set otherwise is kept, where the weights still fit. Knows nothing of where settings are written.

import { loadModelFile, type ModelFile } from "../../model/index.ts";
import { EarshotError } from "../../errors.ts";
import { isRecord, parseSettings, type z } from "../../settings.ts";
import { EXTENDED, FROM_DATA, trainingSettings, type TrainingSettings } from "../settings.ts";
import { networkOf } from "../step/network-of.ts";
import { checkFits } from "./initial-model.ts";

export type SettingsInput = z.input<typeof trainingSettings>;

/** Settings that were checked: what was given, and the same with all defaults, those of the initial model before others. */
export interface GivenSettings {
  readonly input: SettingsInput;
  readonly where: string;
  /** The initial model. */
  readonly model?: ModelFile;
  readonly settings: TrainingSettings;
}

/** @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING, INITIAL_MODEL_MISMATCH, and of the model that the settings name */
export async function checkTrainingSettings(input: unknown, where: string): Promise<GivenSettings> {
  return checkBesideModel(await initialModelOf(input), input, where);
}

/** The same with a model that is in memory. @throws as `checkTrainingSettings` */
export function checkBesideModel(model: ModelFile | undefined, input: unknown, where: string): GivenSettings {
  const settings = settingsBesideModel(model, input, where);
  return { input: (input ?? {}) as SettingsInput, where, model, settings };
}

/** The model that settings name, where they name one. @throws EarshotError of the model file */
export async function initialModelOf(input: unknown): Promise<ModelFile | undefined> {
  const path = isRecord(input) ? input.initialModel : undefined;
  return typeof path === "string" && path !== "" ? loadModelFile(path) : undefined;
}

/** The settings with their defaults filled in, the model's own before others. @throws as `checkTrainingSettings` */
export function settingsBesideModel(
  model: ModelFile | undefined,
  input: unknown,
  where: string,
): TrainingSettings {
  if (model === undefined || !(isRecord(input) || input === undefined)) {
    const alone = parseSettings(trainingSettings, input, where);
    if (alone.alphabet === EXTENDED) throw nothingToExtend(where);
    return alone;
  }
  const settings = parseSettings(trainingSettings, withOwn(model, input ?? {}), where);
  // an alphabet that is made of the data later may be any: the model gives what belongs to the symbols that both have
  const isOpen = settings.alphabet === FROM_DATA || settings.alphabet === EXTENDED;
  const known = isOpen ? { ...settings, alphabet: [...model.alphabet.symbols] } : settings;
  const { alphabet, architecture } = networkOf(known);
  checkFits(model, { architecture, alphabet, features: settings.features }, where);
  return settings;
}

/** Of each table the settings that are given, and the model's where none is. */
function withOwn(model: ModelFile, given: Record<string, unknown>): Record<string, unknown> {
  const { alphabet, features, transcript, architecture } = model;
  const own: Record<string, unknown> = {
    alphabet: alphabet.symbols,
    features,
    transcript,
    network: isOther(given.network, architecture.network) ? undefined : architecture.network,
  };
  const names = new Set([...Object.keys(own), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, filled(own[name], given[name])]));
}

/** The settings of one network mean nothing to another. */
const isOther = (given: unknown, { name }: { readonly name: string }): boolean =>
  isRecord(given) && given.name !== undefined && given.name !== name;

function filled(own: unknown, given: unknown): unknown {
  if (given === undefined) return own;
  return isRecord(own) && isRecord(given) ? { ...own, ...given } : given;
}

function nothingToExtend(where: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: `${where}: alphabet`,
    problem: "It is to extend the alphabet of the initial model, and there is none.",
    remedy: 'Give the model as initialModel (-m), or make the alphabet of the transcripts: "from-data".',
  });
}
