// Digits of many voices: AN4's speakers say them among other words, and a recognizer of AN4 tells where each one is. Cut
// out, they are what FSDD is made of: single words without silence around them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { decodeAudio, encodeWav, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { Recognizer } from "../../dist/index.js";

export const DIGITS = new Set("zero one two three four five six seven eight nine".split(" "));
/** A network answers after a sound began, and before it ends: so much more belongs to a word, up to its neighbor's half. */
const MARGIN_MS = 150;

/** Cuts the digits out of a split of a corpus. @returns rows of a manifest, path,transcript,speaker */
export async function cutDigits(manifest, split, modelPath, folder) {
  mkdirSync(folder, { recursive: true });
  const recognizer = await Recognizer.load(modelPath);
  const rows = [];
  for (const [path, transcript, speaker] of readSplit(manifest, split)) {
    if (!transcript.split(" ").some((word) => DIGITS.has(word))) continue;
    const { words } = await recognizer.align(path, transcript, path);
    const { samples } = await decodeAudio(readFileSync(path), path);
    for (const [index, { text }] of words.entries()) {
      if (!DIGITS.has(text)) continue;
      const file = resolve(folder, `${rows.length}.wav`);
      writeFileSync(
        file,
        encodeWav(samples.slice(...extentOf(words, index, samples.length)), SAMPLE_RATE_HZ),
      );
      rows.push([file, text, `an4-${speaker}`]);
    }
  }
  await recognizer.close();
  return rows;
}

/** First and last sample of a word. */
function extentOf(words, index, length) {
  const { startMs, endMs } = words[index];
  const samples = (ms) => Math.round((ms * SAMPLE_RATE_HZ) / 1000);
  const before = index === 0 ? Infinity : (startMs - words[index - 1].endMs) / 2;
  const after = index === words.length - 1 ? Infinity : (words[index + 1].startMs - endMs) / 2;
  const start = Math.max(0, samples(startMs - Math.min(before, MARGIN_MS)));
  return [start, Math.min(length, samples(endMs + Math.min(after, MARGIN_MS)))];
}

/** In this corpus no field is quoted. */
function readSplit(manifest, wanted) {
  const [, ...rows] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  return rows
    .map((row) => row.trimEnd().split(","))
    .filter(([, , , split]) => split === wanted)
    .map(([path, ...rest]) => [join(dirname(manifest), path), ...rest]);
}
