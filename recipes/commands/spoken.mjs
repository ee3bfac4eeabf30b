// What voices made by machine say: commands of a home, words, letters and names spelled, AN4's training sentences anew, and
// sentences that are none of these, so that the network spells them as what they are.

import { manifestOf, speak } from "../earshot.mjs";
import { rowsOf } from "../digits/corpus.mjs";

export const FOLDER = "runs/commands";
const OWN = "recipes/commands";
const FORMANT = ["--engine", "espeak-ng", "--engine", "flite=0.1", "--speeds", "0.8..1.3"];
const NEURAL = ["--engine", "kokoro", "--mixtures", "5", "--speeds", "0.85..1.3"];

/** What is said, and by so many voices each of either kind. */
const TEXTS = {
  home: { from: ["--file", `${OWN}/home.txt`], formant: 24, neural: 10 },
  words: { from: ["--file", `${OWN}/words.txt`], formant: 12, neural: 3 },
  letters: { from: ["--file", `${OWN}/letters.txt`], formant: 10, neural: 2 },
  others: { from: ["--file", `${OWN}/others.txt`], formant: 8, neural: 1 },
  an4: { from: ["--manifest", manifestOf("an4")], formant: 1, neural: 0 },
};

/** @param kokoro options that say where its model is @returns rows by the name of the texts: path, text, speaker, split, source */
export async function speakAll(kokoro) {
  const said = {};
  const spoken = async (name, what, times) =>
    rowsOf(await speak(`${FOLDER}/${name}`, [...what, "--dev", "0.1"], times));
  for (const [name, { from, formant, neural }] of Object.entries(TEXTS)) {
    said[name] = await spoken(`${name}-formant`, [...from, ...FORMANT], formant);
    if (neural > 0)
      said[name].push(...(await spoken(`${name}-kokoro`, [...from, ...NEURAL, ...kokoro], neural)));
  }
  return said;
}
