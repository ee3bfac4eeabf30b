// Train steps of the paper's network on noise, batch by batch, by each engine that the browser has.

import { encodeWav, loadTraining, openFolder, RandomStream } from "../../dist/browser/earshot.js";

const [CLIPS, SECONDS, RATE_HZ, EPOCHS] = [24, 2, 16_000, 4];

/** @param width of each layer @param tell called with what is being done @returns times in ms; of the first epoch, which loads programs, nothing */
export async function measure(width, tell) {
  const data = await madeCorpus();
  const engines = {};
  for (const engine of ["wasm", "webgpu"]) {
    tell(`${engine} …`);
    engines[engine] = await timesOf(engine, width, data).catch(({ message }) => ({ absent: message }));
  }
  const { userAgent, hardwareConcurrency } = navigator;
  const adapter = await navigator.gpu?.requestAdapter();
  const gpu = adapter && `${adapter.info.vendor} ${adapter.info.architecture} ${adapter.info.description}`;
  return {
    width,
    batch: `8 of ${SECONDS} s`,
    engines,
    gpu,
    isolated: crossOriginIsolated,
    hardwareConcurrency,
    userAgent,
  };
}

async function madeCorpus() {
  const { corpus, writeManifest } = await loadTraining();
  const folder = openFolder("bench");
  const rows = [];
  for (let n = 0; n < CLIPS; n++) {
    const random = new RandomStream("bench", n);
    const samples = Float32Array.from({ length: SECONDS * RATE_HZ }, () => random.uniform() - 0.5);
    await folder.replace(`${n}.wav`, encodeWav(samples, RATE_HZ));
    const transcript = "turn the light on in the kitchen";
    rows.push({ path: `/bench/${n}.wav`, transcript, speaker: "noise", split: "train", where: "bench" });
  }
  await writeManifest("/bench/manifest.csv", rows);
  return corpus("/bench/manifest.csv");
}

async function timesOf(engine, width, data) {
  const { Learner } = await loadTraining();
  const start = performance.now();
  const ends = [];
  const onEvent = ({ type, epoch }) => type === "batch" && ends.push({ epoch, at: performance.now() });
  const settings = {
    engine,
    epochs: EPOCHS,
    features: { bins: 40 },
    network: { name: "deep-speech", width },
    data: { maxUtterances: 8, augmentation: { preset: "none" } },
  };
  const learner = await Learner.create({ data, settings, quiet: true, onEvent });
  await learner.fit(EPOCHS);
  await learner.close();
  const steps = ends.flatMap(({ epoch, at }, i) =>
    epoch > 1 && ends[i - 1].epoch === epoch ? [at - ends[i - 1].at] : [],
  );
  const sorted = steps.toSorted((a, b) => a - b);
  return { firstStep: ends[0].at - start, medianStep: sorted[sorted.length >> 1], fastestStep: sorted[0] };
}
