// What each ingredient of augmentation gives and costs: a clean model of the demo's corpus goes on for a few epochs with one
// ingredient alone, with none, and with all of them, and is then stressed on dev. Needs no other data.
// node recipes/augmentation/run.mjs

import { earshot, percent, printTable, train } from "../earshot.mjs";
import { augmentationPresets } from "../../dist/data/index.js";

const CORPUS = "demo/corpus/manifest.csv";
const CONFIG = "recipes/augmentation/config.yaml";
const FOLDER = "runs/augmentation";
const AGAIN = ["epochs=4", "schedule.peak=0.0006", "schedule.rise=0.1"];
/** How often an ingredient that has a probability comes when it is alone. */
const OFTEN = 0.5;
/** Columns: what is asked of a condition's name. */
const GROUPS = [
  ["silence", /^(zeros|quiet)/],
  ["noise", /^(white|pink|hum)/],
  ["babble", /^(babble|speaker)/],
  ["rooms", /^room/],
  ["telephone, codecs", /^(telephone|codec|adpcm)/],
  ["pace, pitch", /^(tempo|pitch)/],
  ["level, clipping", /^(level|clipped)/],
];

const { modelPath } = await train(CORPUS, CONFIG, `${FOLDER}/clean`);
const { share: _, ramp: __, ...world } = augmentationPresets["real-world"];
const alone = Object.entries(world).map(([name, value]) => {
  const isTable = Object.hasOwn(Object(value), "probability");
  return [name, { [name]: isTable ? { ...value, probability: OFTEN } : value }];
});
const kinds = [["nothing", {}], ...alone, ["all of real-world", { preset: "real-world", ramp: 0 }]];
const rows = [];
for (const [name, augmentation] of kinds) rows.push(await tried(name, augmentation));
printTable(["ingredient", "seconds", "clean", "mean of all", ...GROUPS.map(([group]) => group)], rows);

async function tried(name, augmentation) {
  const out = `${FOLDER}/${name.replaceAll(" ", "-")}`;
  const settings = [`initialModel=${modelPath}`, ...AGAIN];
  const given = `data.augmentation=${JSON.stringify({ preset: "none", ...augmentation })}`;
  const { seconds, modelPath: model } = await train(CORPUS, CONFIG, out, ...settings, given);
  const [{ conditions }] = await earshot("test", CORPUS, "-m", model, "--split", "dev", "--stress");
  const [clean, ...others] = conditions;
  const mean = (chosen) => percent(chosen.reduce((sum, { wer }) => sum + wer, 0) / chosen.length);
  const groups = GROUPS.map(([, pattern]) =>
    mean(others.filter((condition) => pattern.test(condition.name))),
  );
  return [name, seconds.toFixed(0), percent(clean.wer), mean(others), ...groups];
}
