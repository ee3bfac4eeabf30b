// Ten words of one voice: which recordings are learned from, which are the test, and how is learned. Augmentation from a model was chosen
// on one of the five recordings of each word, held back from the others, clean and under stress (README.md), from nothing on all of lucas', the rest earlier on jackson's and lucas' recordings
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

const few = JSON.parse(
  readFileSync(new URL("../../src/apps/page/teach/few-recordings.json", import.meta.url), "utf8"),
);

/** How the page trains (src/apps/page/teach/training-settings.ts). @param how `few.fromModel` or `few.fromNothing` */
const settingsOf = ({ updates, settings, augmentation }) => ({
  ...settings,
  seed: 1,
  report: false,
  epochs: Math.ceil(updates / Math.ceil((LEARNED * WORDS.length) / few.batch)),
  data: {
    maxUtterances: few.batch,
    sortaGrad: false,
    workers: 1,
    augmentation: { ...few.augmentation, ...augmentation },
  },
});

/** From the model of the package on. */
export const FROM_MODEL = settingsOf(few.fromModel);

/** A small network from nothing. */
export const FROM_NOTHING = settingsOf(few.fromNothing);
