// Batches of the recordings that ship in demo/corpus, for tests of training.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  computeFeatures,
  decodeAudio,
  featureSettings,
  normalizeFeatures,
  padFrames,
} from "../../src/audio/index.ts";
import { parseManifest } from "../../src/data/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import type { StepBatch } from "../../src/training/index.ts";

export const MANIFEST = fileURLToPath(new URL("../../demo/corpus/manifest.csv", import.meta.url));
export const alphabet = Alphabet.english();
export const BINS = 40;

/** The shortest `count` utterances of the demo's training set as one batch. */
export async function demoBatch(
  count: number,
): Promise<StepBatch & { readonly transcripts: readonly string[] }> {
  const settings = featureSettings.parse({ bins: BINS, windowMs: 25 });
  const folder = fileURLToPath(new URL("../../demo/corpus/", import.meta.url));
  const { utterances } = parseManifest(readFileSync(MANIFEST, "utf8"), MANIFEST, (path) => folder + path);
  const chosen = utterances
    .filter(({ split }) => split === "train")
    .toSorted((a, b) => a.transcript.length - b.transcript.length || (a.path < b.path ? -1 : 1))
    .slice(0, count);
  const frames = await Promise.all(
    chosen.map(async ({ path }) => {
      const { samples } = await decodeAudio(readFileSync(path), path);
      return normalizeFeatures(computeFeatures(samples, settings), settings);
    }),
  );
  const transcripts = chosen.map(({ transcript }) => transcript);
  return { ...padFrames(frames), labels: transcripts.map((text) => alphabet.encode(text)), transcripts };
}

/** Writes a manifest of a few demo clips into a folder, so that a whole run takes seconds. */
export function writeSmallManifest(
  folder: string,
  { train, dev, test = 0 }: { train: number; dev: number; test?: number },
): string {
  const corpus = fileURLToPath(new URL("../../demo/corpus/", import.meta.url));
  const { utterances } = parseManifest(readFileSync(MANIFEST, "utf8"), MANIFEST, (path) => corpus + path);
  const rows = [
    ...utterances.filter(({ split }) => split === "train").slice(0, train),
    ...utterances.filter(({ split }) => split === "dev").slice(0, dev),
    ...utterances.filter(({ split }) => split === "test").slice(0, test),
  ];
  const path = join(folder, "manifest.csv");
  const lines = rows.map((row) => [row.path, row.transcript, row.speaker, row.split].join(","));
  writeFileSync(path, ["path,transcript,speaker,split", ...lines].join("\n"));
  return path;
}

/** Settings of a run that takes a few seconds, with everything random switched on. */
export function smallSettings(folder: string) {
  return {
    seed: 3,
    epochs: 3,
    threads: 1,
    report: false,
    network: { width: 24, context: 2, dropout: 0.1 },
    features: { bins: BINS, windowMs: 25 },
    data: {
      maxUtterances: 3,
      workers: 1,
      cacheDirectory: join(folder, "cache"),
      augmentation: {
        speeds: [0.9, 1.1],
        joined: { probability: 0.3 },
        delayFrames: 1,
        timeMasks: 1,
        frequencyMasks: 1,
      },
    },
  };
}
