// What both recipes of digits share: rows of manifests, the digits of AN4's speakers, the hiss of microphones, and the
// decoder that knows only ten words.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { earshot, manifestOf } from "../earshot.mjs";
import { trainFirstCycle } from "../an4/train.mjs";
import { cutDigits, DIGITS } from "./cut.mjs";
import { writeHiss } from "./hiss.mjs";
import { otherMicrophones } from "./microphones.mjs";

export const FOLDER = "runs/digits";
const ONE_DIGIT = `${FOLDER}/one-digit.arpa`;
/** Of the ten words exactly one is said: far from any other weight the answers are the same. */
export const TEN_WORDS = ["--lm", ONE_DIGIT, "--dictionary", "--alpha", "3", "--beta", "0"];

export async function writeGrammar() {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/digits.txt`, `${[...DIGITS].join("\n")}\n`);
  await earshot("lm", "build", `${FOLDER}/digits.txt`, "--order", "2", "--out", ONE_DIGIT);
}

/** The setting that names the hiss. */
export function hissSetting() {
  return `data.augmentation.noise.paths=${JSON.stringify([writeHiss(`${FOLDER}/hiss`, 60)])}`;
}

/** The digits of AN4, where a recognizer of AN4 finds them; its split dev is nine whole speakers, heard in five ways. */
export async function otherVoices() {
  const path = `${FOLDER}/an4.csv`;
  if (existsSync(path)) return path;
  const an4 = manifestOf("an4");
  const { modelPath } = await trainFirstCycle(an4, 1);
  const rows = [];
  for (const split of ["train", "dev"]) {
    const cut = await cutDigits(an4, split, modelPath, `${FOLDER}/an4-${split}`);
    const others = split === "dev" ? await otherMicrophones(cut, 4, `${FOLDER}/microphones`) : [];
    rows.push(...[...cut, ...others].map((row) => [...row, split]));
  }
  writeManifest(path, rows);
  return path;
}

/** Of a manifest with the columns path, transcript, speaker, split and maybe source; in these corpora no field is quoted. */
export function rowsOf(manifest, wanted = undefined) {
  const [, ...rows] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  return rows
    .map((row) => row.trimEnd().split(","))
    .filter(([, , , split]) => wanted === undefined || split === wanted)
    .map(([path, ...rest]) => [resolve(dirname(manifest), path), ...rest]);
}

/** Sorted. @param rows of a manifest */
export const speakersOf = (rows) => [...new Set(rows.map(([, , speaker]) => speaker))].toSorted();

export function writeManifest(path, rows) {
  const head = ["path", "transcript", "speaker", "split", "source"].slice(
    0,
    Math.max(...rows.map((row) => row.length)),
  );
  const lines = rows.map((row) => head.map((_, column) => row[column] ?? "human").join(","));
  writeFileSync(path, `${[head.join(","), ...lines].join("\n")}\n`);
}
