// `npm run demo`: trains a small Deep Speech on demo/corpus/, then transcribes a voice that it never heard, half of it
// sentences that no training voice spoke. Nothing here that a user could not do with the command line and the library.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MANIFEST = "demo/corpus/manifest.csv";
const RUN = "runs/demo";
const MODEL = `${RUN}/model.safetensors`;
const WORST_WER = 0.1;

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
process.on("SIGINT", () => {}); // the command below saves and says how to resume; then we end with its exit code
rmSync(RUN, { recursive: true, force: true });
await earshot("train", MANIFEST, "--config", "demo/config.yaml", "--out", RUN);
const wer = await recognizeUnheardVoice();
console.log(`
Next:
  npx earshot transcribe demo/corpus/test -m ${MODEL}
  npx earshot test ${MANIFEST} -m ${MODEL} --split test
  npx earshot inspect ${MODEL}
  npx earshot train my/manifest.csv --out runs/mine     (columns: path,transcript,speaker,split)`);
if (wer > WORST_WER) {
  console.error(`\nThe demo failed: WER ${percent(wer)} is more than ${percent(WORST_WER)}.`);
  process.exitCode = 1;
}

async function earshot(...parameters) {
  console.log(`$ npx earshot ${parameters.join(" ")}`);
  const child = spawn(process.execPath, ["dist/apps/cli/main.js", ...parameters], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exit(code ?? 1);
}

async function recognizeUnheardVoice() {
  const { errorRates, evaluate, readManifests, Recognizer } = await import("../dist/index.js");
  const { utterances } = await readManifests([MANIFEST]);
  const inSplit = (split) => utterances.filter((utterance) => utterance.split === split);
  const trained = new Set(inSplit("train").map(({ transcript }) => transcript));
  const recognizer = await Recognizer.load(MODEL);
  const { pairs } = await evaluate(recognizer, inSplit("test")).finally(() => recognizer.close());
  const [heard, unheard] = [true, false].map((known) =>
    pairs.filter((pair) => trained.has(pair.reference) === known),
  );
  show("Sentences that other voices spoke in training", heard);
  show("Sentences that no voice spoke in training", unheard);
  const { wer, cer } = errorRates(pairs);
  const halves = `${percent(errorRates(heard).wer)} and ${percent(errorRates(unheard).wer)}`;
  console.log(
    `\n${pairs.length} clips of an unheard voice: WER ${percent(wer)} (${halves}), CER ${percent(cer)}`,
  );
  return wer;
}

function show(title, pairs) {
  const width = Math.max(...pairs.map(({ reference }) => reference.length));
  console.log(`\n${title} (${pairs.length})\n  ${"spoken".padEnd(width)}   recognized`);
  for (const { reference, hypothesis } of pairs) {
    console.log(`${reference === hypothesis ? " " : "✗"} ${reference.padEnd(width)}   ${hypothesis}`);
  }
}

function percent(rate) {
  return `${(100 * rate).toFixed(1)} %`;
}
