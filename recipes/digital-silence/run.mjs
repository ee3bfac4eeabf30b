// What digital silence around, within and between recordings does to their texts: clips of a corpus as they are, and with what
// recorders and editors put beside them (surroundings.mjs). Each text is held against the transcript, and against the text
// of the clip as it is. node recipes/digital-silence/run.mjs MANIFEST MODEL SPLIT [FOLDER OF ANOTHER BUILD]…

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { encodeWav, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { errorRates } from "../../dist/text/index.js";
import { percent, printTable } from "../earshot.mjs";
import { readClips } from "../word-times/clips.mjs";
import { SURROUNDINGS } from "./surroundings.mjs";

const [manifest, model, split, ...others] = process.argv.slice(2);
if (!split) {
  console.error("node recipes/digital-silence/run.mjs MANIFEST MODEL SPLIT [FOLDER OF ANOTHER BUILD]…");
  process.exit(2);
}
const builds = [...others, resolve(import.meta.dirname, "../..")];
const folder = mkdtempSync(join(tmpdir(), "digital-silence-"));
try {
  const clips = (await readClips(manifest, (row) => row.split === split)).map(rounded);
  const rows = [];
  for (const [kind, make] of Object.entries(SURROUNDINGS)) {
    const made = make(clips);
    write(kind, made);
    rows.push({ kind, made, texts: [] });
  }
  for (const build of builds) {
    const heard = await transcribe(build);
    for (const { kind, texts } of rows) texts.push(heard.get(kind));
  }
  report(rows, clips);
} finally {
  rmSync(folder, { recursive: true });
}

/** As a file of 16 bits has it. */
function rounded({ samples, transcript }) {
  return { transcript, samples: samples.map((sample) => Math.round(sample * 32_767) / 32_768) };
}

function write(kind, made) {
  mkdirSync(join(folder, kind));
  for (const [i, { samples }] of made.entries())
    writeFileSync(
      join(folder, kind, `${String(i).padStart(4, "0")}.wav`),
      encodeWav(samples, SAMPLE_RATE_HZ),
    );
}

/** Of one build: the texts of each kind, in the order of its clips. */
async function transcribe(build) {
  const command = [
    join(build, "dist/apps/cli/main.js"),
    "transcribe",
    folder,
    "-m",
    model,
    "--json",
    "--greedy",
  ];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (part) => (output += part));
  await once(child, "close");
  const heard = new Map();
  for (const line of output.trimEnd().split("\n")) {
    const { path, text, error } = JSON.parse(line);
    if (error) throw new Error(`${build}: ${error.problem}`);
    const kind = basename(join(path, ".."));
    heard.set(kind, [...(heard.get(kind) ?? []), [path, text]]);
  }
  const inOrder = (texts) => texts.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return new Map([...heard].map(([kind, texts]) => [kind, inOrder(texts)]));
}

function report(rows, clips) {
  const plain = rows[0];
  const cells = ({ made, texts }, build) => {
    const pairs = made.map(({ transcript }, i) => ({ reference: transcript, hypothesis: texts[build][i] }));
    const own = made.map(({ of }) => of.map((i) => plain.texts[build][i]).join(" "));
    const same = own.filter((text, i) => text === texts[build][i]).length;
    return [percent(errorRates(pairs).wer), `${same} of ${made.length}`];
  };
  console.log(`${clips.length} clips of ${manifest}, ${split}\n`);
  printTable(
    ["beside the clip", ...builds.flatMap((build) => [`WER, ${basename(build)}`, "text as without it"])],
    rows.map((row) => [row.kind, ...builds.flatMap((_, build) => cells(row, build))]),
  );
}
