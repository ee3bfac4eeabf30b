// A model that reads what it hears out of the samples: recordings can be written down, and the steps of each symbol are
// known. It hears with the features' hop and the network's stride, and is as sure as it is told.

import type { Frames } from "../../src/audio/index.ts";
import type { AcousticModel, ModelFile } from "../../src/model/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { untrainedModel } from "../model/small-model.ts";

const HOP = 160; // samples
const STRIDE = 2;
const BLANK = "_";

/** Samples of a recording that says a path, a symbol for each step of 20 ms, "_" for the blank. */
export function scriptOf(path: string, alphabet = Alphabet.english()): Float32Array {
  return Float32Array.from({ length: path.length * HOP * STRIDE }, (_, n) => {
    const symbol = path[Math.floor(n / (HOP * STRIDE))];
    const index = symbol === BLANK ? alphabet.blank : alphabet.symbols.indexOf(symbol);
    return (index + 1) / 100; // silence, all zero, is something else
  });
}

/** @param sureness of each symbol, the rest is shared among the others */
export function scriptedModel(file: Partial<ModelFile> = {}, sureness = 0.9): AcousticModel {
  const whole = { ...untrainedModel(), ...file };
  const { size, blank } = whole.alphabet;
  const model: Pick<AcousticModel, "file" | "warnings" | "features" | "logits" | "close"> = {
    file: whole,
    warnings: [],
    features(samples: Float32Array): Frames {
      const frames = Math.floor(samples.length / HOP);
      return { data: Float32Array.from({ length: frames }, (_, t) => samples[t * HOP]), frames, size: 1 };
    },
    async logits(batch) {
      const steps = batch.map(({ frames }) => Math.ceil(frames / STRIDE));
      const B = batch.length;
      const logits = new Float32Array(Math.max(0, ...steps) * B * size);
      batch.forEach(({ data }, b) => {
        for (let t = 0; t < steps[b]; t++) {
          const heard = Math.round(100 * data[t * STRIDE]) - 1;
          logits[(t * B + b) * size + (heard < 0 ? blank : heard)] = Math.log(
            (sureness * (size - 1)) / (1 - sureness),
          );
        }
      });
      return { logits, steps };
    },
    async close() {},
  };
  return model as AcousticModel;
}
