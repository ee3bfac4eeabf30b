// Training in a tab, on recordings that lie in the page's own storage.

import { loadTraining, openFolder, Recognizer } from "/dist/browser/earshot.js";

const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const FOLDER = "corpus";

/** @param rows `path` as its address, `transcript`, `speaker`, `split` @returns a corpus of copies in the page's own storage */
export async function storeCorpus(rows) {
  const { corpus, writeManifest } = await loadTraining();
  const folder = openFolder(FOLDER);
  const utterances = [];
  for (const [index, row] of rows.entries()) {
    const name = `${index}.wav`;
    await folder.replace(name, await bytesOf(row.path));
    utterances.push({ ...row, path: `/${FOLDER}/${name}` });
  }
  await writeManifest(`/${FOLDER}/manifest.csv`, utterances);
  return corpus(`/${FOLDER}/manifest.csv`);
}

/** The losses of a fit, and its model as a list of bytes. */
export async function fit(rows, settings, epochs) {
  const { Learner } = await loadTraining();
  const warnings = [];
  const learner = await Learner.create({
    data: await storeCorpus(rows),
    settings,
    quiet: true,
    onEvent: (event) => event.type === "warning" && warnings.push(event.message),
  });
  const result = await learner.fit(epochs);
  await learner.save("model.safetensors");
  await learner.close();
  const model = await openFolder("/").read("model.safetensors");
  return {
    losses: result.epochs.map(({ trainLoss, devLoss }) => [trainLoss, devLoss]),
    warnings,
    model: [...model],
  };
}

/** Texts that a model gives. @param model its address */
export async function textsOf(model, recordings) {
  const recognizer = await Recognizer.load(await bytesOf(model));
  const texts = [];
  for (const path of recordings) texts.push((await recognizer.transcribe(await bytesOf(path))).text);
  await recognizer.close();
  return texts;
}
