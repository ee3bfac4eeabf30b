// Digits spoken by machines: voices that are made of formants, neural ones, and the accents of other languages.

import { speak } from "../earshot.mjs";
import { ACCENTS } from "./accents.mjs";
import { FOLDER, rowsOf } from "./corpus.mjs";
import { DIGITS } from "./cut.mjs";

const ENGINES = {
  formant: "--engine espeak-ng --engine flite=0.1 --speeds 0.75..1.35 --dev 0.1",
  kokoro: "--engine kokoro --mixtures 5 --speeds 0.8..1.35 --dev 0.1",
};
const FOREIGN = "--engine espeak-ng --speeds 0.85..1.3 --dev 0";

/**
 * @param where options that say where Kokoro's model is
 * @param times how often each digit is said by either kind of voice, and in each accent
 * @returns rows: path, text, speaker, split, source
 */
export async function spokenDigits(where, { formant = 400, kokoro = 120, accent = 12 } = {}) {
  const times = { formant, kokoro };
  const rows = [];
  for (const [name, how] of Object.entries(ENGINES)) {
    const options = [...how.split(" "), ...(name === "kokoro" ? where : [])];
    rows.push(...rowsOf(await speak(`${FOLDER}/voices-${name}`, [...DIGITS, ...options], times[name])));
  }
  for (const [language, text] of Object.entries(ACCENTS))
    rows.push(...(await spokenAbroad(language, text.split(" "), accent)));
  return rows;
}

async function spokenAbroad(language, words, times) {
  const digits = [...DIGITS];
  const how = [...words, "--language", language, ...FOREIGN.split(" ")];
  const manifest = await speak(`${FOLDER}/voices-${language}`, how, times);
  return rowsOf(manifest).map(([path, word, ...rest]) => [path, digits[words.indexOf(word)], ...rest]);
}
