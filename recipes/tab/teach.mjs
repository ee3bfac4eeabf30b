// Ten words by one voice, five recordings of each, learned in a tab of Chromium; the test are the voice's other 45 of each word.
//
//   EARSHOT_DATA=folder/of/corpora node recipes/tab/teach.mjs [--model FILE] [--begin model] [speaker …]

import { dirname, relative } from "node:path";
import { parseArgs } from "node:util";
import { openChromium } from "../../test/chromium/chromium.mjs";
import { manifestOf, percent, printTable } from "../earshot.mjs";
import { FROM_MODEL, FROM_NOTHING, recordingsOf, WORDS } from "./words.mjs";

const { values, positionals } = parseArgs({
  options: {
    model: { type: "string", default: "models/commands-en/model.safetensors" },
    begin: { type: "string", multiple: true, default: ["model", "nothing"] },
  },
  allowPositionals: true,
});
const speakers = positionals.length > 0 ? positionals : ["george", "jackson", "lucas", "nicolas"];
const chromium = await openChromium({
  folders: {
    "/fsdd/": dirname(manifestOf("fsdd")),
    "/model/": dirname(values.model),
    "/recipe/": import.meta.dirname,
  },
});
const model = `/model/${relative(dirname(values.model), values.model)}`;
const table = [];
for (const speaker of speakers) {
  const rows = recordingsOf(speaker).map((row) => ({ ...row, path: `/fsdd/${row.path}` }));
  const [learned, unseen] = ["train", "test"].map((split) => rows.filter((row) => row.split === split));
  for (const [begun, settings, initial] of [
    ["model", FROM_MODEL, model],
    ["nothing", FROM_NOTHING, undefined],
  ].filter(([begun]) => values.begin.includes(begun))) {
    const page = await chromium.page();
    const before = await chromium.cpuSeconds();
    const taught = await page.call("/recipe/in-tab.mjs", "teach", learned, settings, initial);
    const cpuSeconds = (await chromium.cpuSeconds()) - before;
    const wrong = await page.call("/recipe/in-tab.mjs", "errorsOn", unseen, WORDS);
    const rate = ({ length }) => `${percent(length / unseen.length)} (${length} of ${unseen.length})`;
    table.push([
      speaker,
      begun,
      `${taught.seconds.toFixed(0)} s`,
      `${cpuSeconds.toFixed(0)} s`,
      taught.trainLoss.toFixed(3),
      rate(wrong.greedy),
      rate(wrong.closed),
    ]);
    console.error(table.at(-1).join(" | "), taught.preparationSeconds.toFixed(1), ...taught.warnings);
    console.error("ten words alone, said > heard:", counted(wrong.closed));
    await page.context().close();
  }
}
await chromium.close();

/** The most frequent ones, with how often they are. */
function counted(pairs) {
  const counts = new Map();
  for (const pair of pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a);
  return sorted
    .slice(0, 8)
    .map(([pair, count]) => `${pair} ${count}`)
    .join(", ");
}

printTable(
  ["voice", "begun with", "training", "processor", "train loss", "WER", "ten words alone: WER"],
  table,
);
