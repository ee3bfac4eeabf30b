// Only some sentences can be said: whatever the network makes of a recording, one of them is heard, with what it means. After
// two epochs it is the wrong one nearly always.

import { corpus, Grammar, Learner, Recognizer } from "earshot";
import "./demo.mjs";

const grammar = await Grammar.from(`
intents:
  Turn: { data: [{ sentences: ["turn (on|off) the {room} (light|radio)"] }] }
lists:
  room: { values: [kitchen, bedroom, { in: garden, out: 3 }] }`);

const { utterances } = await corpus("manifest.csv");
const learner = await Learner.create({ data: "manifest.csv", width: 32 });
await learner.fitOneCycle(2);
await learner.save("model.safetensors");
await learner.close();

const recognizer = await Recognizer.load("model.safetensors", { grammar });
const { text, intent, slots } = await recognizer.transcribe(utterances[0].path);
console.log(text, intent, slots);
recognizer.setGrammar(await Grammar.from(["yes", "no", "stop"])); // from now on, without loading the model again
console.log((await recognizer.transcribe(utterances[0].path)).text);
await recognizer.close();
