// What the ladder climbs on: a few short recordings of the user's own training set as batches, and a network of the
// user's own kind, narrowed and without dropout so that minutes are enough.

import {
  computeFeatures,
  framesToMeasure,
  cutSilence,
  decodeAudio,
  measureStatistics,
  needsStatistics,
  normalizeFeatures,
  padFrames,
  type FeatureSettings,
  type Frames,
} from "../../audio/index.ts";
import { minimumSteps } from "../../ctc/index.ts";
import type { Architecture } from "../../network/index.ts";
import { readWholeFile } from "../../platform/index.ts";
import { networkOf, type StepBatch, type TrainingSettings } from "../../training/index.ts";
import type { MeasuredUtterance } from "../data/evidence.ts";
import { targetsOf, type Target } from "../data/steps.ts";

export interface Material {
  readonly row: MeasuredUtterance;
  readonly labels: Int32Array;
  /** [T, F], normalized. */
  readonly frames: Frames;
}

const LEAST_LABELS = 3;

/** The shortest recordings with a few letters each, one of each text. */
export async function chooseMaterial(
  measured: readonly MeasuredUtterance[],
  settings: TrainingSettings,
  most: number,
): Promise<Material[]> {
  const training = measured.filter(({ split }) => split === settings.trainSplit);
  const targets = targetsOf(training, settings);
  const usable = training.flatMap((row, i) => {
    const target = targets[i];
    return target !== undefined && isLearnable(target) ? [{ row, target }] : [];
  });
  const seen = new Set<string>();
  const chosen = usable
    .toSorted((a, b) => a.target.frames - b.target.frames)
    .filter(({ row }) => !seen.has(row.transcript) && seen.add(row.transcript))
    .slice(0, most);
  const frames = await framesOf(
    chosen.map(({ row }) => row.path),
    settings.features,
  );
  return chosen.map(({ row, target }, i) => ({ row, labels: target.labels, frames: frames[i] }));
}

const isLearnable = ({ labels, steps }: Target): boolean =>
  labels.length >= LEAST_LABELS && steps >= minimumSteps(labels);

async function framesOf(paths: readonly string[], settings: FeatureSettings): Promise<Frames[]> {
  const raw: Frames[] = [];
  for (const path of paths) {
    const { samples } = await decodeAudio(await readWholeFile(path), path);
    raw.push(computeFeatures(cutSilence(samples).samples, settings));
  }
  const training = needsStatistics(settings)
    ? measureStatistics(raw.map((frames) => framesToMeasure(frames, settings)))
    : undefined;
  return raw.map((frames) => normalizeFeatures(frames, settings, training));
}

export function batchOf(material: readonly Material[]): StepBatch {
  return { ...padFrames(material.map(({ frames }) => frames)), labels: material.map(({ labels }) => labels) };
}

const WIDTH = 128;

/** The user's network, no wider than `width`, without dropout. */
export function narrowed(settings: TrainingSettings, width = WIDTH): Architecture {
  const { network } = settings;
  const narrow = {
    ...network,
    ...(typeof network.width === "number" && { width: Math.min(network.width, width) }),
    ...("dropout" in network && { dropout: 0 }),
  };
  return networkOf({ ...settings, network: narrow }).architecture;
}
