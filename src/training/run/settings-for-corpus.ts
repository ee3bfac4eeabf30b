// What settings leave open is decided once the corpus is known: whether training hears its utterances as the world would bring
// them, the features that this needs, whether there is a loss between the network's layers, and which symbols an alphabet is
// extended by. It is decided on what was given, since a preset fills only what is not set; run.json holds the outcome, so that a
// resumed run knows nothing of it.

import { featureSize } from "../../audio/index.ts";
import { augmentationPresets, type Utterance } from "../../data/index.ts";
import { conditionedPlaces, networkContract, resolveArchitecture } from "../../network/index.ts";
import { isRecord } from "../../settings.ts";
import { countSymbols } from "../../text/index.ts";
import { EXTENDED, type TrainingSettings } from "../settings.ts";
import { settingsBesideModel, type GivenSettings } from "./initial-settings.ts";

/** Fewer are a trial, whose words are to be learned by heart. */
const LEAST_UTTERANCES = 100;
const WORLD = "real-world";

/** The settings of training on these utterances. */
export function settingsForCorpus(given: GivenSettings, utterances: readonly Utterance[]): TrainingSettings {
  const { input, model, settings, where } = given;
  const { data, features } = input;
  const { preset } = settings.data.augmentation;
  const decided = preset === "auto" ? presetFor(given, utterances) : preset;
  const isOpen = features?.normalization === undefined && model === undefined; // a model keeps its own
  const normalization = decided === WORLD && isOpen ? normalizationFor(settings) : undefined;
  return settingsBesideModel(
    model,
    {
      ...input,
      ...(settings.alphabet === EXTENDED && { alphabet: extendedAlphabet(given, utterances) }),
      data: { ...data, augmentation: withNamed(decided, given) },
      intermediate: { ...input.intermediate, heads: headsFor(given) },
      features: normalization === undefined ? features : { ...features, normalization },
    },
    where,
  );
}

/**
 * How many losses between its layers a network that learns from nothing has by itself: behind several recurrent layers one carries
 * the lower of them past the plateau of blanks (docs/log.md).
 */
export function usualHeads(network: Readonly<Record<string, unknown>>): number {
  const isDeep = Number(network.recurrentLayers) > 1;
  return isDeep && conditionedPlaces({ network }) === 0 ? 1 : 0;
}

function headsFor({ input, model, settings: { network, intermediate } }: GivenSettings): number {
  const isOpen = input.intermediate?.heads === undefined && model === undefined && intermediate.weight > 0;
  return isOpen ? usualHeads(network) : intermediate.heads;
}

/** The initial model's symbols, so that all of them keep their indices, and behind them those that it cannot spell. */
function extendedAlphabet({ model, settings }: GivenSettings, utterances: readonly Utterance[]): string[] {
  const { trainSplit, transcript } = settings;
  const own = model!.alphabet;
  const texts = utterances
    .filter(({ split }) => split === trainSplit)
    .map(({ transcript: text, where }) => ({ text, where }));
  const symbols = countSymbols(texts, transcript).map(({ symbol }) => symbol);
  return [...own.symbols, ...symbols.filter((symbol) => own.spell(symbol) === undefined)];
}

type Preset = TrainingSettings["data"]["augmentation"]["preset"];

function presetFor(
  { input, settings: { trainSplit } }: GivenSettings,
  utterances: readonly Utterance[],
): Preset {
  const table = input.data?.augmentation;
  const isFull = isRecord(table) && Object.keys(augmentationPresets[WORLD]).every((name) => name in table);
  if (isFull) return "none"; // settings that were filled in before leave a preset nothing to say
  return utterances.filter(({ split }) => split === trainSplit).length < LEAST_UTTERANCES ? "none" : WORLD;
}

/**
 * By speech, so that what is around it does not matter. A network that follows live speech cannot wait for its end, though, and
 * cepstra do not show where it is.
 */
function normalizationFor({ features, network }: TrainingSettings) {
  const sizes = { features: featureSize(features), symbols: 1 };
  const { lookAhead } = networkContract(resolveArchitecture(network, sizes, "settings: network"));
  if (lookAhead !== "utterance") return "causal" as const;
  return features.kind === "mfcc" ? undefined : ("speech" as const);
}

/** The table with the preset that was decided on; cepstra have no frequencies that another microphone could filter. */
function withNamed(preset: Preset, { input, settings: { features } }: GivenSettings) {
  const table = isRecord(input.data?.augmentation) ? input.data.augmentation : {};
  const unfiltered = preset === WORLD && features.kind === "mfcc" ? { microphoneDb: 0 } : {};
  return { ...unfiltered, ...table, preset };
}
