// The demo's clips by some models, in Node and in a tab of Chromium: how many transcripts are the same.
//
//   node recipes/tab/transcripts.mjs MODEL …

import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Recognizer } from "../../dist/index.js";
import { openChromium } from "../../test/chromium/chromium.mjs";
import { printTable } from "../earshot.mjs";

const CLIPS = join(import.meta.dirname, "../../demo/corpus");
const clips = ["dev", "test"].flatMap((split) =>
  readdirSync(join(CLIPS, split))
    .toSorted()
    .map((name) => `${split}/${name}`),
);
const table = [];
for (const model of process.argv.slice(2)) {
  const folders = { "/demo/": CLIPS, "/model/": dirname(model), "/recipe/": import.meta.dirname };
  const chromium = await openChromium({ folders });
  const page = await chromium.page();
  const paths = clips.map((name) => `/demo/${name}`);
  const tab = await page.call("/recipe/in-tab.mjs", "transcribe", `/model/${basename(model)}`, paths);
  await chromium.close();
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const node = [];
  for (const name of clips) node.push((await recognizer.transcribe(join(CLIPS, name))).text);
  await recognizer.close();
  const same = node.filter((text, i) => text === tab[i]).length;
  table.push([basename(dirname(model)), `${same} of ${clips.length}`]);
}
printTable(["model", "same transcript"], table);
