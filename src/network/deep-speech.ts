// Hannun et al. 2014 (arXiv 1412.5567), section 2: three clipped layers over a window of frames, a bidirectional plain
// recurrence whose input weights W4, b4 are shared by both directions, a fifth layer on the sum, and logits. The backward
// direction begins at the end, so the network needs the whole utterance. Knows nothing of audio, text or training.

import type { Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { createCell } from "./cells/index.ts";
import { lecunNormal } from "./initializers.ts";
import { clippedLayer, dense, frameWindow } from "./layers.ts";
import type { Network, NetworkDefinition } from "./network.ts";
import { cellInput, recurrentNames, recurrentSettings, runBothWays } from "./recurrent-layer.ts";

const settings = z.strictObject({
  width: z.int().min(1).max(8192).default(512).describe("Units in each hidden layer (the paper: 2048)."),
  context: z
    .int()
    .min(0)
    .max(50)
    .default(9)
    .describe("Frames of context on each side, C (the paper: 5, 7 or 9)."),
  stride: z.int().min(1).max(8).default(2).describe("Input frames per step (the paper: 2)."),
  ceiling: z.number().positive().default(20).describe("Where the rectifier clips (the paper: 20)."),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.05)
    .describe("Dropped share of feed-forward units (the paper: 0.05–0.1)."),
  ...recurrentSettings,
});

export const deepSpeech: NetworkDefinition<typeof settings> = { name: "deep-speech", settings, create };

function create({ context, stride, dropout, recurrentLayers, ...sizes }: z.output<typeof settings>): Network {
  const cell = createCell(sizes.cell, sizes);
  return {
    stride,
    lookAhead: "utterance",
    states: [],
    context: { before: context, after: context },
    build(layers, { frames, mask }, symbols) {
      const hidden = (x: Tensor, name: string) => clippedLayer(layers, x, name, { ...sizes, dropout, mask });
      let h = frameWindow(frames, context, stride); //                                          [T', B, (2C+1)F]
      for (const name of ["h1", "h2", "h3"]) h = hidden(h, name); //                            eq. 1
      for (const [i, name] of recurrentNames(recurrentLayers).entries()) {
        const x = i === 0 ? h : layers.dropout(h, name, dropout);
        h = runBothWays(layers, cell, cellInput(layers, x, cell, name), { name, mask }); //     eq. 2 and 3; W4 is shared
        h = layers.between(h, name, { layer: i + 1, layers: recurrentLayers, mask });
      }
      h = hidden(h, "h5"); //                                                                   eq. 4
      return { logits: dense(layers, h, symbols, "h6", lecunNormal), states: [] }; //           eq. 5, before the softmax
    },
  };
}
