// Train steps of the paper's network on noise by each engine that the browser has, and by WebAssembly the products that such a
// step is made of.

import {
  encodeWav,
  loadTraining,
  openFolder,
  RandomStream,
  readModelFile,
} from "../../dist/browser/earshot.js";
import { productsOf, productTime } from "./products.js";
import { noiseRows, RATE_HZ, SECONDS, settingsOf, stepsOfClip, stepTimes, UTTERANCES } from "./step-times.js";

/** @param network its settings besides these @param tell called with what is being done @param asked engines @returns times in ms */
export async function measure(network, tell = () => undefined, asked = ["wasm", "webgpu"]) {
  const library = await loadTraining();
  const folder = openFolder("bench");
  const rows = await noiseRows(RandomStream, async (name, samples) => {
    await folder.replace(name, encodeWav(samples, RATE_HZ));
    return `/bench/${name}`;
  });
  await library.writeManifest("/bench/manifest.csv", rows);
  const data = await library.corpus("/bench/manifest.csv");
  const engines = {};
  for (const engine of asked) {
    tell(`${engine} …`);
    const settings = { engine, ...settingsOf(network) };
    engines[engine] = await stepTimes(library, { data, settings, path: "/bench/model.safetensors" }).catch(
      ({ message }) => ({ absent: message }),
    );
  }
  tell("products …");
  const { weights } = readModelFile(await folder.read("model.safetensors"), "bench");
  const ort = await import("../../dist/browser/ort.wasm.bundle.min.mjs");
  ort.env.wasm.numThreads = 1;
  const productsMs = await productTime(ort, productsOf(weights, stepsOfClip, UTTERANCES));
  const { userAgent, hardwareConcurrency } = navigator;
  const adapter = await navigator.gpu?.requestAdapter();
  const gpu = adapter && `${adapter.info.vendor} ${adapter.info.architecture} ${adapter.info.description}`;
  const batch = `${UTTERANCES} of ${SECONDS} s`;
  const browser = { gpu, isolated: crossOriginIsolated, hardwareConcurrency, userAgent };
  return { network, batch, engines, productsMs, ...browser };
}
