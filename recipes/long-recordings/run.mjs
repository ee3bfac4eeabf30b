// Hours of joined clips in one recording, by `earshot transcribe`: its peak memory, its WER beside that of the clips one by one,
// and how many of its errors lie at seams. A word belongs to the clip in which its middle lies.
// EARSHOT_DATA=… node recipes/long-recordings/run.mjs MODEL OUT [HOURS]   (OUT: a folder for the recording, the texts and seams.csv)

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorRates, Recognizer } from "../../dist/index.js";
import { manifestOf, minutes, percent } from "../earshot.mjs";
import { joinClips } from "./join.mjs";

const NEAR_SECONDS = 1;

const [model, out, hours = "3"] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const played = await joinClips(manifestOf("an4"), ["test"], 3600 * Number(hours), join(out, "long"));
const { line, peakMb, seconds } = await transcribe(`${join(out, "long")}.wav`);
const heard = wordsOfClips(line.words);
const alone = await clipByClip();
const seams = (line.seamsMs ?? []).map((ms) => ms / 1000);
const pairs = played.map(({ path, reference }, i) => ({ reference, long: heard[i], alone: alone.get(path) }));
const wer = (which, some = pairs) =>
  errorRates(some.map((pair) => ({ reference: pair.reference, hypothesis: pair[which] }))).wer;
const atSeams = pairs.filter((_, i) =>
  seams.some((seam) => seam > played[i].start - NEAR_SECONDS && seam < played[i].end + NEAR_SECONDS),
);
console.log(
  `${hours} h, ${played.length} clips, in ${minutes(seconds)}; peak memory ${peakMb.toFixed(0)} MB (VmHWM)`,
);
console.log(`WER ${percent(wer("long"))} in one recording, ${percent(wer("alone"))} clip by clip`);
console.log(
  `${seams.length} seams; clips with a seam within ${NEAR_SECONDS} s: ${atSeams.length}, WER ${percent(wer("long", atSeams))}, clip by clip ${percent(wer("alone", atSeams))}`,
);
console.log(`words in no clip: ${line.words.length - heard.join(" ").split(" ").filter(Boolean).length}`);
writeSeams();

/** The line of --json, the peak memory of the process, and how long it took. */
async function transcribe(path) {
  const main = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
  const begin = Date.now();
  const child = spawn(process.execPath, [main, "transcribe", path, "-m", model, "--json", "--threads", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let [text, peakMb] = ["", 0];
  const watch = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), 500);
  for await (const part of child.stdout) text += part;
  clearInterval(watch);
  return { line: JSON.parse(text), peakMb, seconds: (Date.now() - begin) / 1000 };
}

/** In MB, as Linux says; 0 where it does not. */
function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The words of each clip, as text. */
function wordsOfClips(words) {
  const texts = played.map(() => []);
  let at = 0;
  for (const { text, startMs, endMs } of words) {
    const middle = (startMs + endMs) / 2000;
    while (at < played.length && middle >= played[at].end) at++;
    if (at < played.length && middle >= played[at].start - NEAR_SECONDS / 2) texts[at].push(text);
  }
  return texts.map((own) => own.join(" "));
}

async function clipByClip() {
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const texts = new Map();
  for await (const outcome of recognizer.transcribeAll(new Set(played.map(({ path }) => path))))
    texts.set(outcome.source, outcome.transcription.text);
  await recognizer.close();
  return texts;
}

/** Each seam, with the words on either side. */
function writeSeams() {
  const rows = seams.map((seam) => {
    const before = line.words.filter(({ endMs }) => endMs / 1000 <= seam).slice(-2);
    const after = line.words.filter(({ endMs }) => endMs / 1000 > seam).slice(0, 2);
    return [seam.toFixed(2), ...[before, after].map((words) => words.map(({ text }) => text).join(" "))].join(
      ",",
    );
  });
  writeFileSync(join(out, "seams.csv"), `${["seconds,before,after", ...rows].join("\n")}\n`);
}
