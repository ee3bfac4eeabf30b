// How far the rows of a narrow export are from the model's: Kullback and Leibler's distance for each step, and how often the
// best symbol changes, on every fourth recording of AN4's dev split.
//
//   EARSHOT_DATA=folder/of/corpora node recipes/export/distance.mjs MODEL

import { readFileSync } from "node:fs";
import {
  decodeAudio,
  exportOnnx,
  loadModelFile,
  OnnxModel,
  readManifests,
  TrainedModel,
} from "../../dist/index.js";
import { manifestOf, printTable } from "../earshot.mjs";

const file = await loadModelFile(process.argv[2]);
const { utterances } = await readManifests([manifestOf("an4")]);
const chosen = utterances.filter(({ split }) => split === "dev").filter((_, i) => i % 4 === 0);
const sounds = await Promise.all(
  chosen.map(async ({ path }) => (await decodeAudio(readFileSync(path))).samples),
);
const expected = await rowsOf(await TrainedModel.open(file, { threads: 1 }));

const table = [];
for (const precision of ["float16", "int8"]) {
  const { onnx, description } = exportOnnx(file, { precision });
  const came = await rowsOf(await OnnxModel.open(onnx, description, { threads: 1 }));
  table.push([precision, onnx.length.toLocaleString("en-US"), ...distance(came)]);
}
printTable(["", "bytes", "distance", "steps that change", "steps"], table);

async function rowsOf(model) {
  const rows = [];
  for (const samples of sounds) rows.push((await model.logProbabilities([model.prepare(samples)]))[0]);
  await model.close();
  return rows;
}

function distance(came) {
  const V = file.alphabet.size;
  let [sum, changed, steps] = [0, 0, 0];
  for (const [u, rows] of expected.entries())
    for (let at = 0; at < rows.length; at += V, steps++) {
      const [own, others] = [rows.subarray(at, at + V), came[u].subarray(at, at + V)];
      own.forEach((value, v) => (sum += Math.exp(value) * (value - others[v])));
      if (best(own) !== best(others)) changed++;
    }
  return [(sum / steps).toExponential(1), changed, steps];
}

function best(row) {
  return row.indexOf(Math.max(...row));
}
