// A callback: an object with a name and a function for each event of the loop at which it wants to be called.
// This one stops the training when an epoch has taken the weights far enough, and says how each went.

import { Learner } from "earshot";
import "./demo.mjs";

const goodEnough = (devLossWanted) => ({
  name: "good enough",
  epochEnd({ epoch, trainLoss, devLoss }) {
    console.log(`epoch ${epoch}: ${trainLoss.toFixed(1)} nats in training, ${devLoss.toFixed(1)} on dev`);
    if (devLoss < devLossWanted) return { stop: `the dev loss is below ${devLossWanted}` };
  },
});

const callbacks = [goodEnough(300)];
const learner = await Learner.create({ data: "manifest.csv", width: 32 });
learner.showTrainingLoop(callbacks); // which callback runs when
await learner.fit(5, { learningRate: 2e-3, callbacks });
await learner.close();
