// Models run by the doctor itself: ours on recordings, and ONNX programs with a fault inside.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { batchChecks } from "../../src/doctor/arrays/checks/checks.ts";
import type { BatchEvidence } from "../../src/doctor/arrays/evidence/batch-evidence.ts";
import { BATCH_PROBES } from "../../src/doctor/arrays/evidence/batch-evidence.ts";
import { conclude, examine } from "../../src/doctor/examination.ts";
import { modelEvidence } from "../../src/doctor/arrays/models/evidence.ts";
import {
  Graph,
  logSoftmax,
  matMul,
  softmax,
  transpose,
  writeOnnx,
  type Tensor,
} from "../../src/graph/index.ts";
import { saveModelFile } from "../../src/model/index.ts";
import { RandomStream } from "../../src/random.ts";
import { untrainedModel } from "../model/small-model.ts";
import { waveFile } from "../recognizer/wave-file.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "earshot-doctor-"))));
afterAll(() => rm(folder, { recursive: true }));

const found = async (evidence: BatchEvidence) =>
  conclude(await examine(batchChecks, evidence, BATCH_PROBES)).findings.map(({ code }) => code);

const [T, F, V] = [12, 5, 6];

/** x W over frames [T, B, F], and what comes behind it. */
async function program(name: string, behind: (logits: Tensor) => Tensor): Promise<string> {
  const graph = new Graph();
  const random = new RandomStream(3, "weights");
  const weights = Float32Array.from({ length: F * V }, () => 2 * random.normal());
  const frames = graph.input("x", "float32", ["T", "B", F]);
  graph.output(behind(matMul(frames, graph.constant("w", "float32", [F, V], weights))));
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, writeOnnx(graph));
  return path;
}

async function batch(): Promise<string> {
  const random = new RandomStream(4, "frames");
  const lengths = [12, 7, 10, 5];
  const frames = Array.from({ length: T }, (_, t) =>
    lengths.map((length) => Array.from({ length: F }, () => (t < length ? random.normal() : 0))),
  );
  const targets = [[1, 2, 3], [2, 1], [4, 3], [5]];
  const path = join(folder, "batch.json");
  await writeFile(
    path,
    JSON.stringify({
      frames: lengths,
      targets,
      target_lengths: [3, 2, 2, 1],
      input_lengths: lengths,
      blank: 0,
      x: frames,
    }),
  );
  return path;
}

async function examineOnnx(name: string, behind: (logits: Tensor) => Tensor): Promise<string[]> {
  const path = await program(name, behind);
  const batchPath = await batch();
  return found(await modelEvidence(path, [batchPath]));
}

it("a program without a fault is healthy, whether it ends in logits, probabilities or their logarithms", async () => {
  for (const [name, behind] of Object.entries({
    logits: (x: Tensor) => x,
    probs: softmax,
    logs: logSoftmax,
  })) {
    expect(await examineOnnx(name, behind)).toEqual([]);
  }
});

it("a softmax over time is named", async () => {
  const overTime = (x: Tensor) => transpose(logSoftmax(transpose(x, [1, 2, 0])), [2, 0, 1]);
  expect((await examineOnnx("time", overTime))[0]).toBe("SOFTMAX_OVER_WRONG_AXIS");
});

it("a model of ours on recordings is healthy, and without recordings says what it needs", async () => {
  const model = join(folder, "model.safetensors");
  await saveModelFile(model, untrainedModel());
  const rows = ["path,transcript"];
  for (const [i, text] of ["one two", "three", "a b c"].entries()) {
    const random = new RandomStream(i, "noise");
    const samples = Float32Array.from({ length: 9000 + 3000 * i }, () => 0.1 * random.normal());
    await writeFile(join(folder, `${i}.wav`), waveFile(samples));
    rows.push(`${i}.wav,${text}`);
  }
  const manifest = join(folder, "manifest.csv");
  await writeFile(manifest, rows.join("\n"));
  expect(await found(await modelEvidence(model, [manifest]))).toEqual([]);
  await expect(modelEvidence(model)).rejects.toMatchObject({ code: "UNFIT_EVIDENCE" });
});

it("a manifest for an ONNX model is not taken for arrays: the doctor says how it hears recordings", async () => {
  await expect(modelEvidence("model.onnx", ["speech.csv"])).rejects.toMatchObject({
    code: "UNFIT_EVIDENCE",
    remedy:
      "With its description beside it the model hears recordings: earshot doctor speech.csv -m model.onnx",
  });
});

it("an ONNX model of PyTorch with its weights in a file beside it is run on arrays", async () => {
  const model = fileURLToPath(new URL("../model/foreign/onnx/external.onnx", import.meta.url));
  const random = new RandomStream(5, "frames");
  const x = [9, 7].map((length) =>
    Array.from({ length: 9 }, (_, t) => Array.from({ length: 10 }, () => (t < length ? random.normal() : 0))),
  );
  const path = join(folder, "external.json");
  const targets = [[1, 2], [3]];
  await writeFile(path, JSON.stringify({ x, frames: [9, 7], targets, target_lengths: [2, 1], blank: 0 }));
  const { outputs } = await modelEvidence(model, [path]);
  expect(outputs).toBeDefined();
});
