// Recognizing in a tab, or in a worker of it.

const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

/**
 * Texts and live events of a model.
 * @param origin of the modules and files @param recordings their addresses
 */
export async function recognize(origin, model, recordings) {
  const { decodeAudio, Recognizer } = await import(`${origin}/dist/browser/earshot.js`);
  const recognizer = await Recognizer.load(await bytesOf(origin + model));
  const results = { texts: [], events: [], warnings: [] };
  for (const path of recordings)
    results.texts.push((await recognizer.transcribe(await bytesOf(origin + path))).text);
  const { samples } = await decodeAudio(await bytesOf(origin + recordings[0]), recordings[0]);
  const stream = recognizer.stream();
  const written = stream.write(samples).then(() => stream.finish());
  for await (const event of stream) results.events.push(event.type);
  await written;
  results.warnings = stream.warnings;
  await recognizer.close();
  return results;
}

/** The same in a worker, whose module is of this origin. */
export function recognizeInWorker(...parameters) {
  const worker = new Worker("/in-tab/recognizer.mjs", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.postMessage(parameters);
  }).finally(() => worker.terminate());
}

if ("WorkerGlobalScope" in globalThis)
  addEventListener("message", async ({ data }) => postMessage(await recognize(...data)));
