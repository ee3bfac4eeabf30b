// A schedule: a function from how far training is to the learning rate. This one starts warm and restarts every two
// epochs (Loshchilov and Hutter 2017).

import { Learner } from "earshot";
import "./demo.mjs";

const warmRestarts =
  ({ peak, every }) =>
  ({ epoch }) =>
    (peak * (1 + Math.cos((Math.PI * (epoch % every)) / every))) / 2;

const learner = await Learner.create({ data: "manifest.csv", width: 32 });
await learner.fit(4, { schedule: warmRestarts({ peak: 2e-3, every: 2 }) });
console.log(learner.history.map(({ epoch, trainLoss, devWer }) => ({ epoch, trainLoss, devWer })));
await learner.close();
