// Amodei et al. 2016 (arXiv 1512.02595), "Deep Speech 2": two convolutions in front, over time or over time and frequency,
// then bidirectional recurrent layers, of which only what comes from below is batch normalized (section 3.2), not what
// comes from the step before. Both directions share it and are added up, as in the paper before. Needs the whole
// utterance. Knows nothing of audio, text or training.

import { matMul, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { createCell } from "./cells/index.ts";
import { convolutions, contextOfConvolutions } from "./convolutions.ts";
import { lecunNormal } from "./initializers.ts";
import { dense } from "./layers.ts";
import type { Network, NetworkDefinition } from "./network.ts";
import { recurrentNames, recurrentSettings, runBothWays } from "./recurrent-layer.ts";

const settings = z.strictObject({
  width: z
    .int()
    .min(1)
    .max(8192)
    .default(512)
    .describe("Units in each recurrent layer (the paper: 1280–2560)."),
  convolution: z
    .enum(["2d", "1d"])
    .default("2d")
    .describe(
      "What the two convolutions in front move along: time and frequency, or time alone, which takes a fraction of the time.",
    ),
  channels: z
    .int()
    .min(1)
    .max(1024)
    .default(32)
    .describe(
      "Channels of each convolution over time and frequency (the paper: 32); over time alone it is width.",
    ),
  kernelFrames: z.int().min(1).max(51).default(11).describe("Steps in time of each kernel (the paper: 11)."),
  kernelBins: z
    .int()
    .min(1)
    .max(101)
    .default(21)
    .describe(
      "Bins of the first kernel over time and frequency, at every second bin; the second, on half the bins, has half of it (the paper: 41 and 21 of 161 bins).",
    ),
  stride: z
    .int()
    .min(1)
    .max(8)
    .default(2)
    .describe(
      "Input frames per step, taken in two: 4 as 2 in each convolution, 2 as 2 in the first (the paper: 2).",
    ),
  ceiling: z.number().positive().default(20).describe("Where the rectifiers clip (the paper: 20)."),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.05)
    .describe("Dropped share of what enters each recurrent layer and the output."),
  ...recurrentSettings,
  cell: recurrentSettings.cell.default("gru"),
  recurrentLayers: z
    .int()
    .min(1)
    .max(7)
    .default(3)
    .describe("Recurrent layers, one on the other (the paper: 1–7)."),
});

export const deepSpeech2: NetworkDefinition<typeof settings> = { name: "deep-speech-2", settings, create };

function create({ stride, dropout, recurrentLayers, ...sizes }: z.output<typeof settings>): Network {
  const { width } = sizes;
  const cell = createCell(sizes.cell, sizes);
  return {
    stride,
    lookAhead: "utterance",
    states: [],
    context: contextOfConvolutions({ ...sizes, stride }),
    build(layers, { frames, mask }, symbols) {
      const recurrent = (x: Tensor, name: string) => {
        const matrix = layers.weight(
          `${name}.weight`,
          [x.shape[2] as number, cell.gates * width],
          cell.inputStart,
        );
        const vertical = layers.batchNormalization(matMul(x, matrix), name, mask, cell.biasStart); // B(W h), section 3.2
        return runBothWays(layers, cell, vertical, { name, mask }); //                        [T', B, width]
      };
      let h = convolutions(layers, frames, { ...sizes, stride, mask }); //                      [T', B, ·]
      for (const [i, name] of recurrentNames(recurrentLayers).entries()) {
        h = recurrent(layers.dropout(h, name, dropout), name);
        h = layers.between(h, name, { layer: i + 1, layers: recurrentLayers, mask });
      }
      const logits = dense(layers, layers.dropout(h, "h6", dropout), symbols, "h6", lecunNormal);
      return { logits, states: [] };
    },
  };
}
