// Training is given a clip as recognition is: without the digital silence before and after it.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { computeFeatures, encodeWav, featureSettings, keepSilence } from "../../src/audio/index.ts";
import { featuresInThisThread, FeaturePool } from "../../src/data/features/feature-pool.ts";
import { risingTone } from "../audio/signal.ts";
import { temporaryFolder } from "./recordings.ts";
import { joinBlocks } from "../../src/tensor.ts";

const folder = temporaryFolder();
const settings = featureSettings.parse({});
const pool = new FeaturePool({ workers: 1, startWorker: featuresInThisThread });
afterAll(() => pool.close());

const clip = risingTone(16_000, 1);
clip[0] = clip[clip.length - 1] = 0.1;

async function framesOf(name: string, samples: Float32Array, pace = { speed: 1, tempo: 1 }) {
  const path = join(folder, name);
  writeFileSync(path, encodeWav(samples, 16_000));
  return (await pool.compute({ path, paces: [pace], settings })).variants[0].frames;
}

it("a clip between zeros, a hum or a constant has the features of the clip, at every pace", async () => {
  const step = 2 ** -15;
  const hum = Float32Array.from(
    { length: 16_000 },
    (_, n) => Math.round(Math.sin((2 * Math.PI * 50 * n) / 16_000)) * step,
  );
  for (const padding of [new Float32Array(1_777), hum, new Float32Array(80_000).fill(3 * step)])
    for (const speed of [1, 1.1]) {
      const pace = { speed, tempo: 1 };
      const padded = await framesOf("padded.wav", joinBlocks([padding, clip, padding]), pace);
      expect(padded).toEqual(await framesOf("clip.wav", clip, pace));
    }
});

it("frames without a signal stay what they are when the spectrum is changed", () => {
  const frames = computeFeatures(joinBlocks([clip, new Float32Array(4_800), clip]), settings);
  const louder = { ...frames, data: frames.data.map((value) => value + 1) };
  const { data, size } = keepSilence(frames, louder);
  const at = 110 * size;
  expect(data.subarray(at, at + size)).toEqual(frames.data.subarray(at, at + size));
  expect(data[0]).toBe(frames.data[0] + 1);
});
