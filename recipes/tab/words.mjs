// Ten words of one voice: which recordings are learned from, which are the test, and how is learned. Augmentation from a model was chosen
// on one of the five recordings of each word, held back from the others, clean and under stress (README.md), the rest earlier on jackson's and lucas' recordings
// 5 to 9. Training ends with its last epoch, whatever the test would say.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { manifestOf } from "../earshot.mjs";

export const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const LEARNED = 5; // recordings of each word

/** Rows of FSDD's recordings by one speaker, those with the lowest numbers to learn from. */
export function recordingsOf(speaker) {
  const manifest = manifestOf("fsdd");
  const rows = readFileSync(manifest, "utf8").trim().split("\n").slice(1);
  return rows
    .map((row) => row.split(","))
    .filter(([, , said]) => said === speaker)
    .map(([path, transcript]) => {
      const number = Number(/_(\d+)\.flac$/.exec(basename(path))[1]);
      return { path, transcript, speaker, split: number < LEARNED ? "train" : "test", where: path };
    });
}

const common = { seed: 1, report: false, optimizer: { name: "adamw", weightDecay: 0.01 } };
const data = { maxUtterances: 10, sortaGrad: false, workers: 1 };

/** From the model of the package on: 180 updates, as another throat or microphone might have it, and two words at a time now and then. */
export const FROM_MODEL = {
  ...common,
  epochs: 36,
  schedule: { name: "one-cycle", peak: 0.001, rise: 0.2 },
  data: {
    ...data,
    augmentation: {
      preset: "none",
      speeds: [0.85, 0.92, 1, 1.08, 1.15],
      delayFrames: 2,
      vocalTract: [0.9, 1.1],
      microphoneDb: 6,
      frequencyMasks: 2,
      frequencyMaskBins: 10,
      joined: { probability: 0.3, gapMs: [50, 400] },
    },
  },
};

/** A small network from nothing: 1,000 updates. */
export const FROM_NOTHING = {
  ...common,
  epochs: 200,
  features: { bins: 40, normalization: "speech" },
  network: { name: "deep-speech", width: 96, context: 5, stride: 2, cell: "gru", dropout: 0.3 },
  schedule: { name: "one-cycle", peak: 0.002, rise: 0.2 },
  data: {
    ...data,
    augmentation: {
      preset: "none",
      speeds: [0.85, 0.92, 1, 1.08, 1.15],
      delayFrames: 3,
      timeMasks: 1,
      frequencyMasks: 2,
    },
  },
};
