// What an export keeps of a model and what it costs: file, errors and time of each precision beside the model itself; and
// recordings with the library's rows and texts, for check.py and sherpa.cjs to compare other runtimes with.
//
//   EARSHOT_DATA=folder/of/corpora node recipes/export/run.mjs MODEL FOLDER [split]      some minutes on one core

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  decodeAudio,
  GreedyDecoder,
  loadModelFile,
  openModel,
  readManifests,
  TrainedModel,
} from "../../dist/index.js";
import { earshot, manifestOf, percent, printTable } from "../earshot.mjs";

const [path, folder, split = "test"] = process.argv.slice(2);
if (!folder) {
  console.error("node recipes/export/run.mjs MODEL FOLDER [split]");
  process.exit(2);
}
const manifest = manifestOf("an4");
const RECORDINGS = 20;
/** Seconds of a clip that is timed, and how often; the least counts, since other work may share the machine. */
const [SECONDS, TIMES] = [3, 30];

const exports = {
  float32: [],
  float16: ["--precision", "float16"],
  int8: ["--precision", "int8"],
  "float32, samples": ["--samples"],
};

const rows = [await measure("the model", path, statSync(path).size)];
for (const [name, flags] of Object.entries(exports)) {
  const own = join(folder, name.replace(", ", "-"));
  mkdirSync(own, { recursive: true });
  const out = join(own, "model.onnx");
  await earshot("export", "-m", path, "--out", out, ...flags);
  rows.push(await measure(name, out, statSync(out).size));
}
printTable(["", "bytes", "", `WER ${split}`, "ms, one utterance", "ms, sixteen"], rows);
await writeReferences();

async function measure(name, model, bytes) {
  const [{ wer }] = (await earshot("test", manifest, "-m", model, "--split", split, "--threads", "1")).slice(
    -1,
  );
  const opened = await openModel(model, { threads: 1 });
  const clip = Float32Array.from(
    { length: SECONDS * 16_000 },
    (_, n) => 0.1 * Math.sin(n * (0.05 + n * 1e-6)),
  );
  const times = [];
  for (const count of [1, 16]) {
    const batch = Array.from({ length: count }, () => opened.prepare(clip));
    let least = Infinity;
    for (let i = 0; i < TIMES; i++) {
      const start = performance.now();
      await opened.logProbabilities(batch);
      least = Math.min(least, performance.now() - start);
    }
    times.push(least.toFixed(1));
  }
  await opened.close();
  const share = `${Math.round((100 * bytes) / statSync(path).size)} %`;
  return [name, bytes.toLocaleString("en-US"), share, percent(wer), ...times];
}

/** recordings/N.f32, their frames, the library's rows, and index.json. */
async function writeReferences() {
  const out = join(folder, "recordings");
  mkdirSync(out, { recursive: true });
  const write = (n, kind, { buffer, byteOffset, byteLength }) =>
    writeFileSync(join(out, `${n}.${kind}.f32`), Buffer.from(buffer, byteOffset, byteLength));
  const model = await TrainedModel.open(await loadModelFile(path), { threads: 1 });
  const { utterances } = await readManifests([manifest]);
  const chosen = utterances.filter((utterance) => utterance.split === split).slice(0, RECORDINGS);
  const index = [];
  const inputs = [];
  for (const [n, utterance] of chosen.entries()) {
    const { samples } = await decodeAudio(readFileSync(utterance.path));
    inputs.push(model.prepare(samples));
    const [logs] = await model.logProbabilities([model.prepare(samples)]);
    const frames = model.features(samples);
    for (const [kind, data] of [
      ["samples", samples],
      ["frames", frames.data],
      ["rows", logs],
    ])
      write(n, kind, data);
    const [{ text }] = new GreedyDecoder(model.alphabet).decode(logs);
    index.push({ frames: frames.frames, features: frames.size, symbols: model.alphabet.size, text });
  }
  for (const [n, rows] of (await model.logProbabilities(inputs)).entries()) write(n, "together", rows);
  writeFileSync(join(out, "index.json"), JSON.stringify(index));
  await model.close();
}
