// Clips with what recorders and editors put beside them. Each maker takes the clips and gives recordings, with their text
// and the indices of the clips they are made of. All of it is a function of the seed.

import { SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { joinBlocks } from "../../dist/tensor.js";
import { RandomStream } from "../../dist/random.js";

const STEP = 1 / 32_768;
const HUM_HZ = 50;

export const SURROUNDINGS = {
  nothing: around(0, () => 0),
  "zeros, 0.1 s on either side": around(0.1, () => 0),
  "zeros, 1 s on either side": around(1, () => 0),
  "zeros, 5 s on either side": around(5, () => 0),
  "hum of one step, 1 s": around(1, (n) =>
    Math.sin((2 * Math.PI * HUM_HZ * n) / SAMPLE_RATE_HZ) > 0 ? STEP : 0,
  ),
  "dither of a step, 1 s": around(1, (_, random) => STEP * (random.integer(3) - 1)),
  "dither of two steps, 1 s": around(1, (_, random) => STEP * (random.integer(5) - 2)),
  "zeros with a click, 1 s": around(1, (n) => (n >= 8_000 && n < 8_016 ? 0.2 : 0)),
  "zeros, 1 s, and another clip": (clips) =>
    clips.slice(1).map(({ samples, transcript }, i) => ({
      samples: joinBlocks([clips[i].samples, new Float32Array(SAMPLE_RATE_HZ), samples]),
      transcript: `${clips[i].transcript} ${transcript}`,
      of: [i, i + 1],
    })),
};

/** @param valueAt of the nth sample of a stretch */
function around(seconds, valueAt) {
  return (clips) =>
    clips.map(({ samples, transcript }, i) => {
      const random = new RandomStream("surroundings", i);
      const stretch = () =>
        Float32Array.from({ length: seconds * SAMPLE_RATE_HZ }, (_, n) => valueAt(n, random));
      return { samples: joinBlocks([stretch(), samples, stretch()]), transcript, of: [i] };
    });
}
