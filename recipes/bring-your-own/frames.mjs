// Writes the frames that Earshot computes of a manifest's recordings, for another framework to train on:
//   node frames.mjs MANIFEST SPLIT OUT [COUNT]     → OUT.f32 (all frames, one after the other) and OUT.json (counts, texts)
// Features are those of the descriptions in this folder: 40 log-mel bins, each utterance normalized.

import { readFile, writeFile } from "node:fs/promises";
import { Alphabet, decodeAudio, featureSettings, initializeWeights, readManifests, resolveArchitecture, TrainedModel, transcriptPolicy } from "earshot"; // prettier-ignore

const BINS = 40;
const [manifest, split, out, count = Infinity] = process.argv.slice(2);
const model = await openAny();
const { utterances } = await readManifests([manifest]);
const chosen = utterances.filter((each) => each.split === split).slice(0, Number(count));
const [frames, texts] = [[], []];
for (const { path, transcript } of chosen) {
  const { samples } = await decodeAudio(await readFile(path), path);
  frames.push(model.prepare(samples).views[0]);
  texts.push(transcript.toLowerCase());
}
await model.close();
const bytes = frames.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
await writeFile(`${out}.f32`, Buffer.concat(bytes));
await writeFile(
  `${out}.json`,
  JSON.stringify({ bins: BINS, frames: frames.map((each) => each.frames), texts }),
);
console.log(`${frames.length} recordings, ${frames.reduce((sum, each) => sum + each.frames, 0)} frames`);

/** What a recording is to a model depends on its features alone: this one has just them. */
async function openAny() {
  const alphabet = Alphabet.english();
  const features = featureSettings.parse({ bins: BINS, normalization: "utterance" });
  const architecture = resolveArchitecture({ name: "deep-speech", width: 1 }, { features: BINS, symbols: alphabet.size }, "frames"); // prettier-ignore
  const transcript = transcriptPolicy.parse({});
  const weights = initializeWeights(architecture, 1);
  return TrainedModel.open({
    alphabet,
    features,
    architecture,
    transcript,
    weights,
    metrics: {},
    training: {},
  });
}
