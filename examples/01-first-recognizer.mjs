// A recognizer of one's own: a manifest, a network, some epochs, a model file. Here they are few and the network is
// narrow, so that the example takes seconds and understands nothing yet: `npm run demo` trains until it does.

import { corpus, Learner, Recognizer } from "earshot";
import "./demo.mjs"; // makes the manifest

const data = await corpus("manifest.csv"); // columns: path,transcript,speaker,split
console.log(data.splits); // { train: 12, dev: 3, test: 3 }

const learner = await Learner.create({ data, network: "deep-speech", width: 32 });
await learner.fitOneCycle(3, { out: "runs/first" }); // log, checkpoint and report are in this folder
console.log(await learner.validate("test")); // { wer: …, cer: …, words: …, … }
await learner.save("model.safetensors");
await learner.close();

const recognizer = await Recognizer.load("model.safetensors"); // in any other program
console.log((await recognizer.transcribe(data.utterances[0].path)).text);
await recognizer.close();
