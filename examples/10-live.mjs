// Speech as it is spoken: a network that needs nothing later, a recording fed at the pace at which it was said, and what is
// known of it meanwhile. Trained for seconds, this network spells little; the voice in the sound it needs no training for.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeAudio, Learner, Recognizer } from "earshot";
import "./demo.mjs";

const settings = { features: { normalization: "causal" } }; // by what came before
const network = { network: "deep-speech-streaming", width: 32 };
const learner = await Learner.create({ data: "manifest.csv", ...network, settings });
await learner.fitOneCycle(3);
await learner.save("live.safetensors");
const { path } = learner.corpus.utterances[0];
await learner.close();

const recognizer = await Recognizer.load("live.safetensors");
const stream = recognizer.stream(); // { sampleRateHz: 48_000 } for a microphone at that rate, and many more
const { samples } = await decodeAudio(await readFile(path), path);
const speaking = (async () => {
  for (let at = 0; at < samples.length; at += 1_600, await sleep(100))
    await stream.write(samples.subarray(at, at + 1_600));
  await stream.finish();
})();
for await (const { type, timeMs, text, finalCharacters } of stream)
  console.log(type, timeMs ?? text, finalCharacters ?? "");
await speaking;
await recognizer.close();
