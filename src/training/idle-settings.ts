// Settings that do nothing beside others: whoever sets them expects something, and must be told. One table for all of them;
// a setting that has its default value, or its preset's, is nobody's wish.

import { featureSize } from "../audio/index.ts";
import type { Warning } from "../errors.ts";
import { conditionedPlaces, isNamedBy, parameterShapes, resolveArchitecture } from "../network/index.ts";
import { isRecord, parseSettings } from "../settings.ts";
import { rampEpochsOf, trainingSettings, type TrainingSettings } from "./settings.ts";

interface IdleSettings {
  readonly paths: readonly string[];
  readonly isIdle: (settings: TrainingSettings) => boolean;
  /** As a clause, behind "does nothing:". */
  readonly because: string;
}

const AUGMENTATION = "data.augmentation.";
const augmentation = (...names: readonly string[]) => names.map((name) => AUGMENTATION + name);

/** What says how something happens, where its probability is not 0. */
const WHERE_IT_HAPPENS = {
  wordless: ["levelDb"],
  joined: ["gapMs", "mostSeconds"],
  trim: ["belowDb"],
  pitch: ["semitones"],
  surroundings: ["ms"],
  room: ["t60Ms", "distanceM"],
  babble: ["snrDb", "voices"],
  background: ["snrDb", "humProbability"],
  clipping: ["db"],
  suppression: ["belowDb", "floorDb"],
  band: ["lowHz", "highHz"],
  codec: ["codecs"],
  coder: ["kbps"],
  packets: ["lost"],
} as const;

const IDLE_SETTINGS: readonly IdleSettings[] = [
  {
    paths: augmentation("gainDb"),
    // a codec comes after the gain, and rounds soft and loud samples differently
    isIdle: ({ features, data }) =>
      features.level === "utterance" && data.augmentation.codec.probability === 0,
    because: 'features.level "utterance" undoes every gain',
  },
  {
    paths: augmentation("microphoneDb"),
    // trimming by energies comes between the filter and the normalization
    isIdle: ({ features, data }) =>
      features.normalization === "utterance" && data.augmentation.trim.probability === 0,
    because: 'features.normalization "utterance" subtracts every filter again',
  },
  {
    paths: augmentation("noise.probability", "noise.snrDb", "noise.tracks", "noise.like", "noise.unlikeDb"),
    isIdle: ({ data }) => data.augmentation.noise.paths.length === 0,
    because: "data.augmentation.noise.paths names no noise",
  },
  {
    paths: augmentation("noise.unlikeDb"),
    isIdle: ({ data: { augmentation: { noise } } }) => noise.paths.length > 0 && noise.like.length === 0, // prettier-ignore
    because: "data.augmentation.noise.like names no recordings to compare with",
  },
  {
    paths: augmentation("reverberation.probability"),
    isIdle: ({ data }) => data.augmentation.reverberation.paths.length === 0,
    because: "data.augmentation.reverberation.paths names no room",
  },
  {
    paths: augmentation("timeMasks", "timeMaskFrames", "timeMaskShare"),
    isIdle: ({ data }) => data.augmentation.maskPolicy === "adaptive",
    because: 'data.augmentation.maskPolicy "adaptive" goes by the length alone',
  },
  {
    paths: augmentation("timeMaskFrames", "timeMaskShare"),
    isIdle: ({ data: { augmentation: all } }) => all.maskPolicy === "counts" && all.timeMasks === 0,
    because: "data.augmentation.timeMasks is 0",
  },
  {
    paths: augmentation("timeMasks"),
    isIdle: ({ data: { augmentation: all } }) =>
      all.maskPolicy === "counts" && (all.timeMaskFrames === 0 || all.timeMaskShare === 0),
    because: "no frame of a time mask is left",
  },
  {
    paths: augmentation("frequencyMaskBins"),
    isIdle: ({ data }) => data.augmentation.frequencyMasks === 0,
    because: "data.augmentation.frequencyMasks is 0",
  },
  {
    paths: augmentation("frequencyMasks"),
    isIdle: ({ data }) => data.augmentation.frequencyMaskBins === 0,
    because: "data.augmentation.frequencyMaskBins is 0",
  },
  ...Object.entries(WHERE_IT_HAPPENS).map(([name, settings]) => ({
    paths: augmentation(...settings.map((setting) => `${name}.${setting}`)),
    isIdle: ({ data }: TrainingSettings) =>
      data.augmentation[name as keyof typeof WHERE_IT_HAPPENS].probability === 0,
    because: `data.augmentation.${name}.probability is 0`,
  })),
  {
    paths: ["features.coefficients", "features.lifter"],
    isIdle: ({ features }) => features.kind !== "mfcc",
    because: 'only features.kind "mfcc" has a cepstrum',
  },
  {
    paths: ["features.deltaFrames"],
    isIdle: ({ features }) => features.deltas === 0,
    because: "features.deltas is 0",
  },
  {
    paths: ["features.priorFrames"],
    isIdle: ({ features }) => !["speaker", "causal", "speech"].includes(features.normalization),
    because: 'only features.normalization "speaker", "causal" and "speech" begin with the training set',
  },
  {
    paths: ["network.recurrentStart"],
    isIdle: ({ network: { cell } }) => cell !== undefined && cell !== "clipped",
    because: 'only network.cell "clipped" starts as a multiple of the identity',
  },
  {
    paths: ["network.lookAhead"],
    isIdle: ({ network: { memory } }) => memory === 0,
    because: "network.memory is 0, so that the whole utterance is seen",
  },
  {
    paths: ["network.kernel"],
    isIdle: ({ network: { block } }) => block === "transformer",
    because: 'only network.block "conformer" has a convolution',
  },
  {
    paths: ["network.channels", "network.kernelBins"],
    isIdle: ({ network: { convolution } }) => convolution === "1d",
    because: 'network.convolution "1d" moves along time alone, with network.width channels',
  },
  {
    paths: ["network.selfConditioning", "intermediate.heads"],
    isIdle: (settings) => {
      const { asked, built } = headsBetween(settings);
      return asked > 0 && built === 0;
    },
    because: "the network has one repeated layer, and a head needs another above it",
  },
  {
    paths: ["intermediate.heads"],
    isIdle: ({ network }) => conditionedPlaces({ network }) > 0,
    because: "network.selfConditioning has heads of its own",
  },
  {
    paths: ["intermediate.heads"],
    isIdle: ({ intermediate }) => intermediate.weight === 0,
    because: "intermediate.weight is 0",
  },
  {
    paths: ["intermediate.weight"],
    isIdle: ({ network, intermediate }) => conditionedPlaces({ network }) === 0 && intermediate.heads === 0,
    because: "intermediate.heads and network.selfConditioning are 0",
  },
  {
    paths: ["replay.split", "replay.share"],
    isIdle: ({ replay }) => replay.data.length === 0,
    because: "replay.data names no manifest",
  },
  {
    paths: ["oldTest.split"],
    isIdle: ({ oldTest }) => oldTest.data.length === 0,
    because: "oldTest.data names no manifest",
  },
  {
    paths: ["average.decay"],
    isIdle: ({ average }) => average.from === 1,
    because: "average.from is 1: nothing is averaged",
  },
  {
    paths: ["plateau.factor"],
    isIdle: ({ plateau }) => plateau.patience === 0,
    because: "plateau.patience is 0",
  },
  {
    paths: ["patience"],
    isIdle: (settings) => settings.patience + rampEpochsOf(settings) >= settings.epochs,
    because: "the epochs end before (those in which augmentation grows do not count)",
  },
];

/** Heads between layers that the settings ask for, and those that the network has places for. */
function headsBetween(settings: TrainingSettings): { readonly asked: number; readonly built: number } {
  const { network, intermediate } = settings;
  const asked = conditionedPlaces({ network }) || intermediate.heads;
  if (asked === 0) return { asked, built: 0 };
  return { asked, built: weightNames(settings).filter((name) => name.endsWith("-head.weight")).length };
}

/** Of the network that is trained. */
function weightNames({ network, features, intermediate }: TrainingSettings): string[] {
  const sizes = { features: featureSize(features), symbols: 2 };
  const architecture = resolveArchitecture(network, sizes, "settings: network");
  return [...parameterShapes(architecture, intermediate.heads).keys()];
}

/** More heads than there are places: those that have one are built, the others do nothing. */
function excessHeads(settings: TrainingSettings): string[] {
  const { asked, built } = headsBetween(settings);
  if (built === 0 || built === asked) return [];
  const path = conditionedPlaces(settings) > 0 ? "network.selfConditioning" : "intermediate.heads";
  return [`${path} ${asked} does no more than ${built}: there are no more places between the layers.`];
}

function ratesOfFrozenLayers(settings: TrainingSettings): string[] {
  const { layerRates, freeze } = settings;
  const patterns = Object.keys(layerRates);
  if (patterns.length === 0 || freeze.length === 0) return [];
  const names = weightNames(settings);
  const weightsOf = (layers: readonly string[]): string[] =>
    names.filter((name) => isNamedBy([...layers, ...layers.map((layer) => `${layer}.*`)], name));
  const frozen = new Set(weightsOf(freeze));
  const isIdle = (weights: readonly string[]): boolean =>
    weights.length > 0 && weights.every((name) => frozen.has(name));
  return patterns
    .filter((pattern) => isIdle(weightsOf([pattern])))
    .map((pattern) => `layerRates.${pattern} does nothing: freeze keeps all of it as it is.`);
}

/** At most one `SETTING_WITHOUT_EFFECT`, which names all of them. */
export function settingsWithoutEffect(settings: TrainingSettings): Warning[] {
  const { network, data } = settings;
  const chosen = { network: { name: network.name }, data: { augmentation: data.augmentation.preset } };
  const defaults = parseSettings(trainingSettings, chosen, "defaults");
  const isSet = (path: string) =>
    JSON.stringify(valueAt(settings, path)) !== JSON.stringify(valueAt(defaults, path));
  const idle = IDLE_SETTINGS.filter(({ isIdle }) => isIdle(settings)).flatMap(({ paths, because }) =>
    paths.filter(isSet).map((path) => `${path} does nothing: ${because}.`),
  );
  const all = [...idle, ...excessHeads(settings), ...ratesOfFrozenLayers(settings)];
  return all.length > 0 ? [{ code: "SETTING_WITHOUT_EFFECT", message: all.join(" ") }] : [];
}

const valueAt = (settings: object, path: string): unknown =>
  path.split(".").reduce((value: unknown, key) => (isRecord(value) ? value[key] : undefined), settings);
