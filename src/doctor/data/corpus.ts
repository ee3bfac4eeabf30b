// From manifests and settings to the evidence of a corpus, and to its faults. Of a large corpus a sample
// is decoded and measured: faults that matter are in it too, and the time stays within minutes.

import {
  computeFeatures,
  framesToMeasure,
  cutSilence,
  decodeAudio,
  measureStatistics,
  needsStatistics,
  normalizeFeatures,
  SAMPLE_RATE_HZ,
  type FeatureSettings,
  type FeatureStatistics,
  type Frames,
} from "../../audio/index.ts";
import { readManifests, type Utterance } from "../../data/index.ts";
import { readWholeFile } from "../../platform/index.ts";
import { RandomStream } from "../../random.ts";
import { alphabetOf, withAlphabet, type TrainingSettings } from "../../training/index.ts";
import { settingsChecks } from "../config/settings.ts";
import { examine, type Examination } from "../examination.ts";
import {
  CORPUS_PROBES,
  type CorpusEvidence,
  type MeasuredUtterance,
  type TranscriptSpelling,
} from "./evidence.ts";
import { cutChecks } from "./cuts.ts";
import { fragilityChecks } from "./fragility.ts";
import { featureChecks } from "./features.ts";
import { frameChecks } from "./frames.ts";
import { heardPairChecks } from "./heard-pairs.ts";
import { measureSounds, type MeasureSoundsOptions } from "./measure-sounds.ts";
import { pairChecks } from "./pairs.ts";
import { rateChecks } from "./rates.ts";
import { soundChecks } from "./sounds.ts";
import { splitChecks } from "./splits.ts";
import { transcriptChecks } from "./transcripts.ts";

interface GatherOptions extends MeasureSoundsOptions {
  /** Recordings to decode at most; of the others only the rows are looked at. 2000 by default. */
  readonly mostRecordings?: number;
}

const MOST_RECORDINGS = 2000;
const FEATURE_RECORDINGS = 32;
const FEATURE_SECONDS = 10;

/** What the utterances are trained with. */
export type SettingsFor = (utterances: readonly Utterance[]) => TrainingSettings;

/**
 * @param use training, or a model that is trained, and needs no settings
 * @throws EarshotError of the manifests
 */
export async function gatherCorpus(
  manifests: readonly string[],
  use: SettingsFor | TranscriptSpelling,
  { mostRecordings = MOST_RECORDINGS, ...options }: GatherOptions = {},
): Promise<CorpusEvidence> {
  const { utterances, warnings: leftOut } = await readManifests(manifests);
  const settings = typeof use === "function" ? withAlphabet(use(utterances), utterances) : undefined;
  const spelling = settings ? spellingOf(settings) : (use as TranscriptSpelling);
  const { measured, unreadable } = await measureSounds(sample(utterances, mostRecordings), options);
  const evidence = { utterances, leftOut, settings, spelling, measured, unreadable };
  if (measured.length === 0 || settings === undefined) return evidence;
  return { ...evidence, features: await featuresOf(measured, settings.features) };
}

const spellingOf = (settings: TrainingSettings): TranscriptSpelling => {
  return { alphabet: alphabetOf(settings), transcript: settings.transcript };
};

export async function examineCorpus(evidence: CorpusEvidence): Promise<Examination> {
  const checks = [
    ...transcriptChecks,
    ...splitChecks,
    ...soundChecks,
    ...rateChecks,
    ...heardPairChecks,
    ...pairChecks,
    ...frameChecks,
    ...cutChecks,
    ...fragilityChecks,
    ...featureChecks,
    ...settingsChecks,
  ];
  return examine(checks, evidence, CORPUS_PROBES);
}

/** As many rows as wanted, in their order; the same ones each time. */
function sample(utterances: readonly Utterance[], most: number): readonly Utterance[] {
  if (utterances.length <= most) return utterances;
  const chosen = new RandomStream("doctor", "sample").shuffle([...utterances.keys()]).slice(0, most);
  return chosen.toSorted((a, b) => a - b).map((index) => utterances[index]);
}

/** Statistics of every bin over some recordings, normalized as the network gets them. */
async function featuresOf(
  measured: readonly MeasuredUtterance[],
  settings: FeatureSettings,
): Promise<FeatureStatistics> {
  const chosen = new RandomStream("doctor", "features").shuffle(measured).slice(0, FEATURE_RECORDINGS);
  const raw: Frames[] = [];
  for (const { path } of chosen) {
    const { samples } = await decodeAudio(await readWholeFile(path), path);
    raw.push(
      computeFeatures(cutSilence(samples).samples.subarray(0, FEATURE_SECONDS * SAMPLE_RATE_HZ), settings),
    );
  }
  const training = needsStatistics(settings)
    ? measureStatistics(raw.map((frames) => framesToMeasure(frames, settings)))
    : undefined;
  return measureStatistics(raw.map((frames) => normalizeFeatures(frames, settings, training)));
}
