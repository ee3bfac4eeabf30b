// The demo's clips by some models, in Node, in a tab of Chromium and by the server: how many transcripts are the same.
//
//   node recipes/tab/transcripts.mjs MODEL …

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readModelFile, Recognizer } from "../../dist/index.js";
import { openChromium } from "../../test/chromium/chromium.mjs";
import { printTable } from "../earshot.mjs";
import { serveModel } from "../serving/served-model.mjs";

const ROOT = join(import.meta.dirname, "../..");
const CLIPS = join(ROOT, "demo/corpus");
const clips = ["dev", "test"].flatMap((split) =>
  readdirSync(join(CLIPS, split))
    .toSorted()
    .map((name) => `${split}/${name}`),
);
const table = [];
for (const model of process.argv.slice(2)) {
  const node = await byNode(model);
  const count = (texts) => `${node.filter((text, i) => text === texts[i]).length} of ${clips.length}`;
  const { name, cell = "", width } = readModelFile(readFileSync(model), model).architecture.network;
  table.push([`${name}, ${cell} ${width}`, count(await byTab(model)), count(await byServer(model))]);
}
printTable(["network", "tab as Node", "server as Node"], table);

async function byNode(model) {
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const texts = [];
  for (const name of clips) texts.push((await recognizer.transcribe(join(CLIPS, name))).text);
  await recognizer.close();
  return texts;
}

async function byTab(model) {
  const folders = { "/demo/": CLIPS, "/model/": dirname(model), "/recipe/": import.meta.dirname };
  const chromium = await openChromium({ folders });
  const page = await chromium.page();
  const paths = clips.map((name) => `/demo/${name}`);
  const texts = await page.call("/recipe/in-tab.mjs", "transcribe", `/model/${basename(model)}`, paths);
  await chromium.close();
  return texts;
}

async function byServer(model) {
  const server = await serveModel(model);
  try {
    const texts = [];
    for (const name of clips) texts.push((await server.upload(readFileSync(join(CLIPS, name)))).text);
    return texts;
  } finally {
    await server.end();
  }
}
