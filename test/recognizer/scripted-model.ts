// A model that reads its rows out of the samples: recordings can be written down, and the steps of each symbol are
// known. It has the features' hop and a stride of 2, and is as sure as the caller says.

import { joinBlocks } from "../../src/tensor.ts";
import { logProbabilities } from "../../src/ctc/index.ts";
import type { AcousticModel, AcousticStream, ModelFile } from "../../src/model/index.ts";
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
  const { alphabet, transcript, features } = { ...untrainedModel(), ...file };
  const { size, blank } = alphabet;
  return {
    alphabet,
    transcript,
    stepMs: features.hopMs * STRIDE,
    hopMs: features.hopMs,
    windowMs: features.windowMs,
    viewCount: 1,
    parameters: 0,
    warnings: [],
    decoding: {},
    prepare(samples) {
      const frames = Math.floor((samples.every((x) => x === 0) ? 0 : samples.length) / HOP);
      const data = Float32Array.from({ length: frames }, (_, t) => samples[t * HOP]);
      return { length: frames, views: [{ data, frames, size: 1 }] };
    },
    async logProbabilities(batch) {
      const steps = batch.map(({ length }) => Math.ceil(length / STRIDE));
      const B = batch.length;
      const logits = new Float32Array(Math.max(0, ...steps) * B * size);
      batch.forEach(({ views: [{ data }] }, b) => {
        for (let t = 0; t < steps[b]; t++) {
          const said = Math.round(100 * data[t * STRIDE]) - 1;
          logits[(t * B + b) * size + (said < 0 ? blank : said)] = Math.log(
            (sureness * (size - 1)) / (1 - sureness),
          );
        }
      });
      return logProbabilities(logits, { steps, symbols: size });
    },
    async close() {},
  };
}

/** The same model as one that needs nothing later: a row leaves with the last of its samples. */
export function streamingScriptedModel(file: Partial<ModelFile> = {}, sureness = 0.9): AcousticModel {
  const model = scriptedModel(file, sureness);
  const rows = async (samples: Float32Array): Promise<Float32Array> => {
    const frames = Math.floor(samples.length / HOP);
    const data = Float32Array.from({ length: frames }, (_, t) => samples[t * HOP]);
    const [own] = await model.logProbabilities([{ length: frames, views: [{ data, frames, size: 1 }] }]);
    return own;
  };
  const openStream = (): AcousticStream => {
    let held = new Float32Array(0);
    return {
      push(samples) {
        const all = joinBlocks([held, samples]);
        const ready = all.length - (all.length % (HOP * STRIDE));
        held = all.slice(ready);
        return rows(all.subarray(0, ready));
      },
      finish: () => rows(held),
    };
  };
  return { ...model, openStream };
}
