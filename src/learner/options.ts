// What a learner is created with, and the settings of a run that follow from it.

import type { FrameTransform } from "../data/index.ts";
import type { ModelFile } from "../model/index.ts";
import { isRecord, parseOptions } from "../settings.ts";
import { checkBesideModel, checkTrainingSettings } from "../training/index.ts";
import type { GivenSettings, OnEvent, SettingsInput } from "../training/index.ts";
import { learnerOptions, loadOptions } from "./call-options.ts";
import type { Corpus } from "./corpus.ts";

export interface LoadOptions {
  /** What `corpus` read, or the paths of manifests. */
  readonly data: Corpus | string | readonly string[];
  /** All else, as in a configuration file of `earshot train`: docs/settings.md. */
  readonly settings?: SettingsInput;
  /** Applied one after the other to the frames of each training utterance, behind the augmentation of the settings. */
  readonly transforms?: readonly FrameTransform[];
  /** Called with every event of training, in place of the screen. */
  readonly onEvent?: OnEvent;
  /** Shows nothing at all: neither progress nor results. */
  readonly quiet?: boolean;
}

export interface LearnerOptions extends LoadOptions {
  /** The network's name, or its settings. */
  readonly network?: string | Readonly<Record<string, unknown>>;
  /** H: its units in each layer. */
  readonly width?: number;
}

export interface SplitOptions {
  /** By default the dev split. */
  readonly split?: string;
  readonly signal?: AbortSignal;
}

/** @throws EarshotError UNKNOWN_SETTING, INVALID_SETTING, of the model that the settings name, INITIAL_MODEL_MISMATCH */
export async function createSettings(options: LearnerOptions): Promise<GivenSettings> {
  parseOptions(learnerOptions, options, "Learner.create");
  const { network, width, settings } = options;
  const named = typeof network === "string" ? { name: network } : network;
  const given = isRecord(settings?.network) ? settings.network : {};
  const table = { ...given, ...named, ...(width !== undefined && { width }) };
  return checkTrainingSettings({ ...settings, network: table }, "settings");
}

/** Those of the model where nothing else is asked for. @throws EarshotError as `createSettings` */
export function loadSettings(model: ModelFile, options: LoadOptions): GivenSettings {
  parseOptions(loadOptions, options, "Learner.load");
  return checkBesideModel(model, options.settings, "settings");
}
