// Digits spoken by machines: voices that are made of formants, neural ones, and the accents of other languages.

import { earshot } from "../earshot.mjs";
import { ACCENTS } from "./accents.mjs";
import { FOLDER, rowsOf } from "./corpus.mjs";
import { DIGITS } from "./cut.mjs";

const ENGINES = {
  formant: "--engine espeak-ng --engine flite=0.1 --per-sentence 400 --speeds 0.75..1.35 --dev 0.1",
  kokoro: "--engine kokoro --mixtures 5 --per-sentence 120 --speeds 0.8..1.35 --dev 0.1",
};
const FOREIGN = "--engine espeak-ng --per-sentence 12 --speeds 0.85..1.3 --dev 0";

/** @param kokoro options that say where its model is @returns rows: path, text, speaker, split, source */
export async function spokenDigits(kokoro) {
  const rows = [];
  for (const [name, how] of Object.entries(ENGINES)) {
    const where = name === "kokoro" ? kokoro : [];
    rows.push(...(await speak(name, [...DIGITS], [...how.split(" "), ...where])));
  }
  for (const [language, text] of Object.entries(ACCENTS))
    rows.push(...(await spokenAbroad(language, text.split(" "))));
  return rows;
}

async function spokenAbroad(language, words) {
  const digits = [...DIGITS];
  const rows = await speak(language, words, ["--language", language, ...FOREIGN.split(" ")]);
  return rows.map(([path, word, ...rest]) => [path, digits[words.indexOf(word)], ...rest]);
}

async function speak(name, words, how) {
  const out = `${FOLDER}/voices-${name}`;
  await earshot("data", "speak", ...words, ...how, "--test", "0", "--out", out);
  return rowsOf(`${out}/manifest.csv`);
}
