// Trains the network that the page's room "How it works" begins with, on demo/corpus, and writes it in half precision:
// node recipes/tiny-deep-speech/run.mjs [FILE]

import { rmSync } from "node:fs";
import { join } from "node:path";
import { earshot, percent } from "../earshot.mjs";

const [to = join(import.meta.dirname, "model.safetensors")] = process.argv.slice(2);
const run = "runs/tiny-deep-speech";
const manifest = "demo/corpus/manifest.csv";

rmSync(run, { recursive: true, force: true });
await earshot("train", manifest, "--config", join(import.meta.dirname, "config.yaml"), "--out", run);
await earshot("export", "-m", run, "--out", to, "--precision", "float16");
const [{ wer, cer }] = await earshot("test", manifest, "-m", to, "--split", "test");
console.log(`${to}: voice that was never heard: WER ${percent(wer)}, CER ${percent(cer)} (greedy)`);
