// What the recipes do within the tab, by the ready-made modules alone.

import { Grammar, loadTraining, openFolder, openMicrophone, Recognizer } from "/dist/browser/earshot.js";

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

/** What of the recordings model.safetensors understands otherwise, as "said > heard": greedily, and where only the words may be said. */
export async function errorsOn(rows, words) {
  const model = await openFolder("/").read("model.safetensors");
  const wrong = {};
  for (const [name, grammar] of [
    ["greedy", undefined],
    ["closed", await Grammar.from(words)],
  ]) {
    const recognizer = await Recognizer.load(model, { rejection: false, grammar });
    const sources = await Promise.all(rows.map(({ path }) => bytesOf(path)));
    wrong[name] = [];
    for await (const { source, transcription } of recognizer.transcribeAll(sources)) {
      const { transcript } = rows[sources.indexOf(source)];
      if (transcription?.text !== transcript) wrong[name].push(`${transcript} > ${transcription?.text}`);
    }
    await recognizer.close();
  }
  return wrong;
}

/** What a model makes of recordings, one after the other. */
export async function transcribe(model, recordings) {
  const recognizer = await Recognizer.load(await bytesOf(model));
  const texts = [];
  for (const path of recordings) texts.push((await recognizer.transcribe(await bytesOf(path))).text);
  await recognizer.close();
  return texts;
}

/** Listens to the microphone for so long; times in ms. */
export async function listen(model, seconds) {
  const recognizer = await Recognizer.load(await bytesOf(model), { rejection: false });
  const microphone = await openMicrophone();
  const stream = recognizer.stream({ sampleRateHz: microphone.sampleRateHz });
  const start = performance.now();
  const heap = () => performance.memory.usedJSHeapSize / 1e6;
  const memory = [heap()];
  let samples = 0;
  const written = (async () => {
    for await (const chunk of microphone) {
      samples += chunk.length;
      await stream.write(chunk);
      if (samples / microphone.sampleRateHz > (memory.length * seconds) / 6) memory.push(heap());
      if (samples / microphone.sampleRateHz >= seconds) await microphone.close();
    }
    await stream.finish();
  })();
  const finals = [];
  for await (const event of stream)
    if (event.type === "final")
      finals.push({ text: event.text, delayMs: performance.now() - start - event.endMs });
  await written;
  await recognizer.close();
  return {
    heardSeconds: samples / microphone.sampleRateHz,
    lostSamples: microphone.lostSamples,
    finals,
    memory,
  };
}
