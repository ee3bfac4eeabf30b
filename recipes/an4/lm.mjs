// What a trigram of the train transcripts does for the models that run.mjs trained: α and β tuned on dev, test read once
// for each, with every spelling allowed and with the closed vocabulary of train.
// EARSHOT_DATA=… node recipes/an4/lm.mjs [seed…]

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { earshot, manifestOf, percent, printTable } from "../earshot.mjs";
import { modelFolder } from "./train.mjs";

const FOLDER = "runs/an4-lm";
const TRIGRAM = `${FOLDER}/trigram.arpa`;
const VOCABULARIES = { open: [], closed: ["--dictionary"] };

const manifest = manifestOf("an4");
const asked = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 2, 3];
const modelOf = (seed) => `${modelFolder(seed)}/model.safetensors`;
const seeds = asked.filter((seed) => existsSync(modelOf(seed)));
if (seeds.length === 0) {
  console.error("There is no model yet: node recipes/an4/run.mjs");
  process.exit(3);
}
await buildTrigram();
const results = [];
for (const seed of seeds) {
  const greedy = await test(seed, "--greedy");
  const open = await tuneAndTest(seed, "open");
  results.push({ seed, greedy, open, closed: await tuneAndTest(seed, "closed") });
}
report();

/** From the transcripts of the split train alone; in this corpus no field is quoted. */
async function buildTrigram() {
  mkdirSync(FOLDER, { recursive: true });
  const rows = readFileSync(manifest, "utf8").trimEnd().split("\n").slice(1);
  const train = rows.map((row) => row.trimEnd().split(",")).filter(([, , , split]) => split === "train");
  writeFileSync(`${FOLDER}/train.txt`, train.map(([, transcript]) => `${transcript}\n`).join(""));
  await earshot("lm", "build", `${FOLDER}/train.txt`, "--order", "3", "--out", TRIGRAM);
}

async function test(seed, ...options) {
  const [rates] = await earshot("test", manifest, "-m", modelOf(seed), "--split", "test", ...options);
  return rates;
}

async function tuneAndTest(seed, vocabulary) {
  const options = ["--lm", TRIGRAM, ...VOCABULARIES[vocabulary]];
  const heatMap = `${FOLDER}/seed${seed}-${vocabulary}.svg`;
  const [{ best }] = await earshot("tune", manifest, "-m", modelOf(seed), ...options, "--heat-map", heatMap);
  const weights = ["alpha", "beta", "beam"].flatMap((name) => [`--${name}`, String(best[name])]);
  return { best, ...(await test(seed, ...options, ...weights)) };
}

function report() {
  const reduction = (greedy, { wer }) => percent(1 - wer / greedy.wer);
  const cells = (greedy, tuned) => {
    const { alpha, beta, wer } = tuned.best;
    return [`${alpha}, ${beta}`, percent(wer), percent(tuned.wer), reduction(greedy, tuned)];
  };
  const head = (name) => [`${name}: α, β`, "dev WER", "test WER", "less by"];
  printTable(
    ["seed", "greedy test WER", ...head("open"), ...head("closed")],
    results.map(({ seed, greedy, open, closed }) => [
      seed,
      percent(greedy.wer),
      ...cells(greedy, open),
      ...cells(greedy, closed),
    ]),
  );
  const medianOf = (kind) => {
    const rates = results.map((result) => result[kind].wer).toSorted((a, b) => a - b);
    return percent(rates[Math.floor(rates.length / 2)]);
  };
  console.log(
    `\nmedian test WER: greedy ${medianOf("greedy")}, open ${medianOf("open")}, closed ${medianOf("closed")}`,
  );
}
