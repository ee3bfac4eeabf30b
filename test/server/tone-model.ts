// A model that hears: it spells a letter for each tone, by its pitch, and nothing where there is none. So the text of a made
// recording is known, whatever way its sound takes. For live streams.

import type { ModelFile } from "../../src/model/index.ts";
import { forwardModel } from "../model/small-model.ts";

/** Where the model's seven lowest bands have their middle, in Hz, and what is spelled there. */
const TONES: Readonly<Record<string, number>> = {
  e: 180,
  t: 406,
  a: 692,
  o: 1051,
  n: 1504,
  s: 2072,
  " ": 2786,
};
const TONE_MS = 80;
const PAUSE_MS = 80;
/** The own frame of a window: behind three others. */
const OWN_FRAME = 3;
/** Log energies of a tone are at 7, those of the bands beside it lower. */
const THRESHOLD = 6;

export function toneModel(): ModelFile {
  const model = forwardModel({ normalization: "none" });
  const { alphabet, features } = model;
  const labels = Object.keys(TONES).map((letter) => alphabet.encode(letter)[0]);
  const weights = [...model.weights].map(([name, weight]) => {
    const data = new Float32Array(weight.data.length);
    const outputs = weight.dims.at(-1)!;
    labels.forEach((label, k) => {
      if (name === "h1.weight") data[(OWN_FRAME * features.bins + k) * outputs + k] = 1;
      else if (name === "h1.bias") data[k] = -THRESHOLD;
      else if (name === "h6.weight") data[k * outputs + label] = 20;
      else if (name.endsWith(".weight")) data[k * outputs + k] = 1;
    });
    if (name === "h6.bias") data[alphabet.blank] = 5;
    return [name, { ...weight, data }] as const;
  });
  return { ...model, weights: new Map(weights) };
}

/** Tones that say a text, with silence around them; each letter is heard for 80 ms. */
export function toneSpeech(text: string, rateHz = 16_000): Float32Array {
  const samples = (ms: number) => Math.round((ms * rateHz) / 1000);
  const length = samples((text.length + 2) * (TONE_MS + PAUSE_MS));
  const sound = Float32Array.from({ length }, (_, n) => 0.0004 * Math.sin(n * n)); // of digital silence no frames are made
  for (const [i, letter] of [...text].entries()) {
    const start = samples((i + 1) * (TONE_MS + PAUSE_MS));
    const count = samples(TONE_MS);
    for (let n = 0; n < count; n++) {
      const envelope = Math.min(1, (8 * n) / count, (8 * (count - n)) / count);
      sound[start + n] += 0.4 * envelope * Math.sin((2 * Math.PI * TONES[letter] * n) / rateHz);
    }
  }
  return sound;
}

export const pcmOf = (samples: Float32Array): Buffer =>
  Buffer.from(Int16Array.from(samples, (sample) => Math.round(32_767 * sample)).buffer);

/** A text that it can say. */
export const SPOKEN = "ten notes on a stone";
