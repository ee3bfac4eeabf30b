// A transform: a function of the frames of one utterance in training, behind the augmentation of the settings.
// This one adds noise to the features. Its randomness comes from what it is for, so that a resumed run gets the same.

import { Learner, RandomStream } from "earshot";
import "./demo.mjs";

const noise =
  (deviation) =>
  (frames, { seed, epoch, utterance }) => {
    const random = new RandomStream(seed, "my noise", epoch, utterance);
    const { data } = frames; // [T, F], of mean 0 and deviation 1
    for (let i = 0; i < data.length; i++) data[i] += deviation * (2 * random.uniform() - 1);
    return frames;
  };

const learner = await Learner.create({ data: "manifest.csv", width: 32, transforms: [noise(0.3)] });
await learner.showBatch({ count: 1 });
await learner.fitOneCycle(2);
await learner.close();
