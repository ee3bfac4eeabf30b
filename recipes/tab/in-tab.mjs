// What the recipes do within the tab, by the ready-made modules alone.

import { Grammar, loadTraining, openFolder, Recognizer } from "/dist/browser/earshot.js";

export const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

/** Recordings become files of the page's own storage. @returns a corpus of them */
async function storeCorpus(rows) {
  const { corpus, writeManifest } = await loadTraining();
  const folder = openFolder("corpus");
  const utterances = [];
  for (const [index, row] of rows.entries()) {
    await folder.replace(`${index}.flac`, await bytesOf(row.path));
    utterances.push({ ...row, path: `/corpus/${index}.flac` });
  }
  await writeManifest("/corpus/manifest.csv", utterances);
  return corpus("/corpus/manifest.csv");
}

/** Trains, and keeps the model as model.safetensors. @param initialModel its address, or undefined for none */
export async function teach(rows, settings, initialModel) {
  const start = performance.now();
  const { Learner } = await loadTraining();
  const data = await storeCorpus(rows);
  if (initialModel) await openFolder("/").replace("initial.safetensors", await bytesOf(initialModel));
  const own = initialModel ? { ...settings, initialModel: "/initial.safetensors" } : settings;
  const warnings = [];
  const onEvent = (event) => event.type === "warning" && warnings.push(event.message);
  const learner = await Learner.create({ data, settings: own, quiet: true, onEvent });
  const prepared = performance.now();
  const { epochs } = await learner.fit(own.epochs);
  await learner.save("/model.safetensors");
  await learner.close();
  return {
    seconds: (performance.now() - start) / 1000,
    preparationSeconds: (prepared - start) / 1000,
    trainLoss: epochs.at(-1).trainLoss,
    warnings,
  };
}

/** How many of the recordings model.safetensors understands otherwise: greedily, and where only the words may be said. */
export async function errorsOn(rows, words) {
  const model = await openFolder("/").read("model.safetensors");
  const counts = {};
  for (const [name, grammar] of [
    ["greedy", undefined],
    ["closed", await Grammar.from(words)],
  ]) {
    const recognizer = await Recognizer.load(model, { rejection: false, grammar });
    const sources = await Promise.all(rows.map(({ path }) => bytesOf(path)));
    counts[name] = 0;
    for await (const { source, transcription } of recognizer.transcribeAll(sources))
      if (transcription?.text !== rows[sources.indexOf(source)].transcript) counts[name]++;
    await recognizer.close();
  }
  return counts;
}
