// A learner that goes on from a model with more letters than that has.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Learner } from "../../src/learner/index.ts";
import { loadModelFile, saveModelFile } from "../../src/model/index.ts";
import { writeNoise } from "../data/recordings.ts";
import { untrainedModel } from "../model/small-model.ts";
import type { TrainingEvent } from "../../src/training/index.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-extended-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("a learner extends the alphabet of its model, and leaves a frozen layer as it was", async () => {
  const model = untrainedModel();
  const path = join(folder, "model.safetensors");
  await saveModelFile(path, model);
  const manifest = join(folder, "speech.csv");
  const recording = writeNoise(folder, "a.wav", 0.6);
  writeFileSync(manifest, `path,transcript\n${recording},über\n`);
  const settings = {
    alphabet: "extended" as const,
    freeze: ["h1", "h2", "h3"],
    threads: 1,
    data: { workers: 1, cacheDirectory: join(folder, "cache") },
  };
  const events: TrainingEvent[] = [];
  const onEvent = (event: TrainingEvent) => void events.push(event);
  const learner = await Learner.load(path, { data: manifest, settings, onEvent });
  await learner.fit(1, { learningRate: 1e-4 });
  const saved = join(folder, "new.safetensors");
  await learner.save(saved);
  await learner.close();
  const { alphabet, weights } = await loadModelFile(saved);
  expect(alphabet.symbols).toEqual([...model.alphabet.symbols, "ü"]);
  expect(weights.get("h6.weight")!.dims).toEqual([8, 30]);
  for (const [name, { data }] of weights)
    if (/^h[123]\./.test(name)) expect([...data], name).toEqual([...model.weights.get(name)!.data]);
  const column = (data: Float32Array, V: number, symbol: number) =>
    [...data].filter((_, i) => i % V === symbol);
  const [old, now] = [model.weights.get("h6.weight")!.data, weights.get("h6.weight")!.data];
  for (const [from, to] of [
    [4, 4],
    [28, 29],
  ])
    // e, and the blank
    for (const [h, value] of column(old, 29, from).entries())
      expect(Math.abs(column(now, 30, to)[h] - value)).toBeLessThan(1e-3);
  expect(events.flatMap((event) => (event.type === "warning" ? event.code : []))).toContain(
    "OUTPUT_ROWS_NEW",
  );
});
