// Fine-tuning: from a trained model to one's own recordings, first the output layer alone, then all layers.

import { Learner } from "earshot";
import "./demo.mjs";

const first = await Learner.create({ data: "manifest.csv", width: 32 });
await first.fitOneCycle(2);
await first.save("general.safetensors");
await first.close();

const learner = await Learner.load("general.safetensors", { data: "manifest.csv" });
learner.freeze(); // all but the last layer; by name: freeze("h1", "h2")
await learner.fitOneCycle(1);
learner.unfreeze();
await learner.fitOneCycle(1, { peak: 3e-4 });
await learner.save("mine.safetensors");
await learner.close();
