// Every kind of normalization from the recordings of a demo to text: a short training, its model file, and transcripts.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needsStatistics, type FeatureSettings } from "../../src/audio/index.ts";
import { readManifests, type Utterance } from "../../src/data/index.ts";
import { evaluate } from "../../src/evaluation/index.ts";
import { loadModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { train } from "./in-this-thread.ts";
import { smallSettings, writeSmallManifest } from "./recordings.ts";

let folder: string;
let manifests: string[];
let dev: Utterance[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-normalization-"));
  manifests = [writeSmallManifest(folder, { train: 12, dev: 3 })];
  dev = (await readManifests(manifests)).utterances.filter(({ split }) => split === "dev");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KINDS: readonly FeatureSettings["normalization"][] = [
  "utterance",
  "global",
  "speaker",
  "causal",
  "none",
];

describe("normalization", () => {
  it.each(KINDS)(
    "%s: trains, keeps what it needs in the model file, and transcribes",
    async (normalization) => {
      const base = smallSettings(folder);
      const settings = { ...base, epochs: 6, features: { ...base.features, normalization } };
      const losses: number[] = [];
      const { modelPath, metrics } = await train({
        manifests,
        settings,
        out: join(folder, normalization),
        onEvent: (event) => void (event.type === "epoch" && losses.push(event.trainLoss)),
      });
      expect(losses.at(-1)!).toBeLessThan(losses[0]);
      const recognizer = await Recognizer.load(modelPath);
      const { features, statistics } = await loadModelFile(modelPath);
      expect(features.normalization).toBe(normalization);
      expect(statistics !== undefined).toBe(needsStatistics(features));
      const { wer, cer } = await evaluate(recognizer, dev);
      await recognizer.close();
      expect([wer, cer]).toEqual([metrics.devWer, metrics.devCer]); // with the features of training
    },
  );
});
