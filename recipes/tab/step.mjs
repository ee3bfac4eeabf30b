// A train step in a tab of Chromium beside Node's and beside the products that it is made of, each by one thread: how much of the time
// that WebAssembly needs at least is left over for all else?
//
//   node recipes/tab/step.mjs [width …] [--cell gru]

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import ort from "onnxruntime-node";
import { productsOf, productTime } from "../../bench/tab/products.js";
import {
  noiseRows,
  RATE_HZ,
  settingsOf,
  stepsOfClip,
  stepTimes,
  UTTERANCES,
} from "../../bench/tab/step-times.js";
import * as audio from "../../dist/audio/index.js";
import * as library from "../../dist/index.js";
import { openChromium } from "../../test/chromium/chromium.mjs";
import { printTable } from "../earshot.mjs";

const { values, positionals } = parseArgs({
  options: { cell: { type: "string", default: "clipped" } },
  allowPositionals: true,
});
const ROOT = join(import.meta.dirname, "../..");
const table = [];
for (const width of positionals.length > 0 ? positionals.map(Number) : [128, 256]) {
  const network = { width, cell: values.cell };
  const node = await inNode(network);
  const tab = await inTab(network);
  const ms = (time) => `${time.toFixed(1)} ms`;
  const share = ({ medianStep, productsMs }) => `${((100 * productsMs) / medianStep).toFixed(0)} %`;
  table.push([
    `${values.cell}, ${width}`,
    ms(node.medianStep),
    ms(node.productsMs),
    share(node),
    ms(tab.medianStep),
    ms(tab.productsMs),
    share(tab),
    (tab.medianStep / node.medianStep).toFixed(2),
  ]);
}
printTable(
  ["cell, width", "Node: step", "products", "share", "tab: step", "products", "share", "tab / Node"],
  table,
);

async function inTab(network) {
  const chromium = await openChromium({
    folders: { "/bench/": join(ROOT, "bench"), "/node_modules/": join(ROOT, "node_modules") },
  });
  try {
    const page = await chromium.page({ path: "/bench/tab/index.html" });
    const { engines, productsMs } = await page.evaluate(async (asked) => {
      const { measure } = await import("/bench/tab/measure.js");
      return measure(asked, undefined, ["wasm"]);
    }, network);
    if (engines.wasm.absent) throw new Error(engines.wasm.absent);
    return { ...engines.wasm, productsMs };
  } finally {
    await chromium.close();
  }
}

async function inNode(network) {
  const folder = mkdtempSync(join(tmpdir(), "earshot-step-"));
  try {
    const rows = await noiseRows(library.RandomStream, async (name, samples) => {
      writeFileSync(join(folder, name), audio.encodeWav(samples, RATE_HZ));
      return join(folder, name);
    });
    await library.writeManifest(join(folder, "manifest.csv"), rows);
    const data = await library.corpus(join(folder, "manifest.csv"));
    const path = join(folder, "model.safetensors");
    const times = await stepTimes(library, { data, settings: settingsOf(network), path });
    const { weights } = library.readModelFile(readFileSync(path), path);
    const productsMs = await productTime(ort, productsOf(weights, stepsOfClip, UTTERANCES));
    return { ...times, productsMs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
