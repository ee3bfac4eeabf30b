// Spoken digits, one fold per speaker of FSDD: three speakers are learned (a tenth of their clips picks the epoch), the
// fourth is the test. EARSHOT_DATA=… node recipes/digits/run.mjs [speaker…]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { earshot, manifestOf, minutes, percent, printTable, train } from "../earshot.mjs";

const source = manifestOf("fsdd");
const [, ...lines] = readFileSync(source, "utf8").trimEnd().split("\n");
const clips = lines.map((line) => {
  const [path, transcript, speaker, split] = line.trimEnd().split(",");
  return { path: resolve(dirname(source), path), transcript, speaker, split };
});
const all = [...new Set(clips.map(({ speaker }) => speaker))].toSorted();
const speakers = process.argv.length > 2 ? process.argv.slice(2) : all;

/** The corpus' own test clips of the three learned speakers become dev: it shares speakers, so it is no test. */
function splitOf(clip, held) {
  if (clip.speaker === held) return "test";
  return clip.split === "test" ? "dev" : "train";
}

function writeFold(held) {
  const manifest = `runs/digits/${held}.csv`;
  mkdirSync(dirname(manifest), { recursive: true });
  const rows = clips.map((clip) => [clip.path, clip.transcript, clip.speaker, splitOf(clip, held)].join(","));
  writeFileSync(manifest, `${["path,transcript,speaker,split", ...rows].join("\n")}\n`);
  return manifest;
}

const results = [];
for (const held of speakers) {
  const manifest = writeFold(held);
  const { modelPath, metrics, seconds } = await train(
    manifest,
    "recipes/digits/config.yaml",
    `runs/digits/${held}`,
  );
  const [test] = await earshot("test", manifest, "-m", modelPath, "--split", "test");
  results.push({ held, metrics, test, seconds });
}
printTable(
  ["held-out speaker", "clips", "WER", "CER", "dev WER (known speakers)", "training"],
  results.map(({ held, metrics, test, seconds }) => [
    held,
    test.utterances,
    percent(test.wer),
    percent(test.cer),
    percent(metrics.devWer),
    minutes(seconds),
  ]),
);
const mean = results.reduce((sum, { test }) => sum + test.wer, 0) / results.length;
console.log(`\nmean WER over ${results.length} speakers: ${percent(mean)} (greedy)`);
