// Before training: look at a batch as the network will get it, walk one recording through every transform, and let a
// sweep of the learning rate tell how far one may go.

import { Learner } from "earshot";
import "./demo.mjs";

const learner = await Learner.create({
  data: "manifest.csv",
  width: 32,
  settings: { data: { augmentation: { timeMasks: 1, frequencyMasks: 2 } } }, // docs/settings.md lists them all
});
await learner.showBatch({ count: 1 }); // transcripts and pictures of the frames
await learner.summary(); // file, samples, features … loss: shapes and milliseconds
const { suggestion } = await learner.findLearningRate({ steps: 40 }); // a curve, and the rate to take
await learner.fitOneCycle(1, { peak: suggestion });
await learner.close();
