// A network of one's own: its settings, and a function from feature frames to logits. Training, model file, recognizer and
// export follow from it. Here: two layers on a window of seven frames.

import { writeFileSync } from "node:fs";
import { clippedRelu, dense, exportOnnx, frameWindow, heNormal, lecunNormal, Learner } from "earshot";
import { loadModelFile, Recognizer, registerNetwork, z } from "earshot";
import "./demo.mjs"; // goes to a folder with a manifest.csv, which is removed at the end

registerNetwork({
  name: "seven-frames",
  settings: z.strictObject({ width: z.int().min(1).default(64).describe("Units in the hidden layer.") }),
  create: ({ width }) => ({
    stride: 2, // a step for every second frame
    lookAhead: "utterance", // it is given all frames at once
    states: [],
    build(layers, { frames }, symbols) {
      const window = frameWindow(frames, 3, 2); // [T', B, 7 F]
      const hidden = clippedRelu(20)(dense(layers, window, width, "h1", heNormal)); // [T', B, width]
      return { logits: dense(layers, hidden, symbols, "h2", lecunNormal), states: [] }; // [T', B, V]
    },
  }),
});

const learner = await Learner.create({ data: "manifest.csv", network: "seven-frames", width: 32 });
await learner.fitOneCycle(2);
await learner.save("model.safetensors"); // a program that opens it registers the network first
const { path } = learner.corpus.utterances[0];
await learner.close();

const { onnx, description } = exportOnnx(await loadModelFile("model.safetensors"));
writeFileSync("model.onnx", onnx); // this file needs nothing of Earshot
writeFileSync("model.json", JSON.stringify(description)); // with it, it opens here too, by `earshot transcribe -m` also

const recognizers = [await Recognizer.load("model.safetensors"), await Recognizer.load("model.onnx")];
const texts = await Promise.all(recognizers.map(async (each) => (await each.transcribe(path)).text));
console.log(`${recognizers[0].model.network}: the export gives the same text:`, texts[0] === texts[1]);
for (const each of recognizers) await each.close();
