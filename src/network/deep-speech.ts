// Hannun et al. 2014 (arXiv 1412.5567), section 2: three clipped layers over a window of frames, a bidirectional plain
// recurrence whose input weights W4, b4 are shared by both directions, a fifth layer on the sum, and logits. The backward
// direction begins at the end, so the network needs the whole utterance. Knows nothing of audio, text or training.

import { add, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { createCell } from "./cells/index.ts";
import { heNormal, lecunNormal } from "./initializers.ts";
import { asColumns, clippedRelu, dense, frameWindow } from "./layers.ts";
import type { Network, NetworkDefinition } from "./network.ts";
import { cellInput, furtherLayers, recurrentSettings, runCell, startOf } from "./recurrent-layer.ts";

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
  recurrentStart: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      "The clipped cell's matrices start as this multiple of the identity (Le et al. 2015; docs/log.md).",
    ),
  ...recurrentSettings,
});

export const deepSpeech: NetworkDefinition<typeof settings> = { name: "deep-speech", settings, create };

function create({ context, stride, dropout, recurrentLayers, ...sizes }: z.output<typeof settings>): Network {
  const { width, ceiling } = sizes;
  const g = clippedRelu(ceiling);
  const cell = createCell(sizes.cell, sizes);
  return {
    stride,
    lookAhead: "utterance",
    states: [],
    build(layers, { frames, mask }, symbols) {
      const hidden = (x: Tensor, name: string) => {
        const activations = g(dense(layers, x, width, name, heNormal));
        layers.recordActivity(activations, name, { ceiling, mask });
        return layers.dropout(activations, name, dropout);
      };
      const recurrent = (x: Tensor, name: string) => {
        const input = asColumns(cell.silence(cellInput(layers, x, cell, name), mask)); //       W4 h3 + b4, shared
        const run = { name, states: startOf(cell, input), mask };
        const forward = runCell(layers, cell, input, { ...run, direction: "forward" }).output; //   eq. 2
        const backward = runCell(layers, cell, input, { ...run, direction: "backward" }).output; // eq. 3
        return asColumns(add(forward, backward)); //                                            back to [T', B, width]
      };
      let h = frameWindow(frames, context, stride); //                                          [T', B, (2C+1)F]
      for (const name of ["h1", "h2", "h3"]) h = hidden(h, name); //                            eq. 1
      for (const [i, name] of ["h4", ...furtherLayers(recurrentLayers)].entries()) {
        h = recurrent(i === 0 ? h : layers.dropout(h, name, dropout), name);
        h = layers.between(h, name, { layer: i + 1, layers: recurrentLayers, mask });
      }
      h = hidden(h, "h5"); //                                                                   eq. 4
      return { logits: dense(layers, h, symbols, "h6", lecunNormal), states: [] }; //           eq. 5, before the softmax
    },
  };
}
