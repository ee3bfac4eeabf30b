// The trigram of AN4's train transcripts, and what it makes of a model: α and β tuned on dev, test read once.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { earshot } from "../earshot.mjs";

const FOLDER = "runs/an4-lm";
export const TRIGRAM = `${FOLDER}/trigram.arpa`;

/** From the transcripts of the split train alone; in this corpus no field is quoted. */
export async function buildTrigram(manifest) {
  mkdirSync(FOLDER, { recursive: true });
  const rows = readFileSync(manifest, "utf8").trimEnd().split("\n").slice(1);
  const train = rows.map((row) => row.trimEnd().split(",")).filter(([, , , split]) => split === "train");
  writeFileSync(`${FOLDER}/train.txt`, train.map(([, transcript]) => `${transcript}\n`).join(""));
  await earshot("lm", "build", `${FOLDER}/train.txt`, "--order", "3", "--out", TRIGRAM);
}

/** Error rates of the split test. */
export async function test(manifest, model, ...options) {
  const [rates] = await earshot("test", manifest, "-m", model, "--split", "test", ...options);
  return rates;
}

/**
 * The same with the trigram.
 * @param name of the heat map
 * @param vocabulary options that say which words there are; none: any spelling
 */
export async function tuneAndTest(manifest, model, name, ...vocabulary) {
  const { best, options } = await tune(manifest, model, name, ...vocabulary);
  return { best, ...(await test(manifest, model, ...options)) };
}

/** α, β and what else dev says, and the options that stand for them. */
export async function tune(manifest, model, name, ...vocabulary) {
  const options = ["--lm", TRIGRAM, ...vocabulary];
  const heatMap = `${FOLDER}/${name}.svg`;
  const [{ best }] = await earshot("tune", manifest, "-m", model, ...options, "--heat-map", heatMap);
  const weights = ["alpha", "beta", "beam"].flatMap((weight) => [`--${weight}`, String(best[weight])]);
  return { best, options: [...options, ...weights] };
}
