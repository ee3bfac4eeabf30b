// After training: what does it transcribe, and which recordings does it find the most improbable? Those are cut, or have the
// wrong transcript, or hold what the network has yet to learn.

import { Learner } from "earshot";
import "./demo.mjs";

const learner = await Learner.create({ data: "manifest.csv", width: 32 });
await learner.fitOneCycle(3);
await learner.showResults(2); // of the dev split, the hypothesis under the reference
const [worst] = await learner.worst(1, { split: "train" });
console.log(`${worst.utterance.where}: ${worst.loss.toFixed(0)} nats for "${worst.reference}"`);
await learner.close();
