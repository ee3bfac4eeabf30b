// Hannun et al. 2014 (arXiv 1412.5567), section 2: three clipped layers over a window of frames, a bidirectional plain
// recurrence whose input weights W4, b4 are shared by both directions, a fifth layer on the sum, and logits. The backward
// direction begins at the end, so the network needs the whole utterance. Knows nothing of audio, text or training.

import { add, transpose, type Direction, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { heNormal, identityMatrix, lecunNormal } from "./initializers.ts";
import {
  asColumns,
  clippedRelu,
  dense,
  frameWindow,
  plainCell,
  recurrence,
  silencePadding,
  zeroState,
} from "./layers.ts";
import type { Network, NetworkDefinition } from "./network.ts";

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
    .describe("The recurrent matrices start as this multiple of the identity (Le et al. 2015; docs/log.md)."),
});

export const deepSpeech: NetworkDefinition<typeof settings> = { name: "deep-speech", settings, create };

function create({
  width,
  context,
  stride,
  ceiling,
  dropout,
  recurrentStart,
}: z.output<typeof settings>): Network {
  const g = clippedRelu(ceiling);
  return {
    stride,
    lookAhead: "utterance",
    states: [],
    build(layers, { frames, mask }, symbols) {
      const drop = (x: Tensor, name: string) => layers.dropout(x, name, dropout);
      const recorded = (x: Tensor, name: string) => {
        layers.recordActivity(x, name, { ceiling, mask });
        return x;
      };
      const matrix = (name: string) =>
        transpose(layers.weight(name, [width, width], identityMatrix(recurrentStart)), [1, 0]);
      const cell = (name: string) => plainCell(matrix(name), g); //                             g(W4 h3 + b4 + Wr h)
      let h = frameWindow(frames, context, stride); //                                          [T', B, (2C+1)F]
      for (const name of ["h1", "h2", "h3"])
        h = drop(recorded(g(dense(layers, h, width, name, heNormal)), name), name); //          eq. 1
      const input = asColumns(silencePadding(dense(layers, h, width, "h4", heNormal), mask)); // W4 h3 + b4, shared
      const scanned = (name: string, direction: Direction) =>
        recurrence(input, cell(name), [zeroState(input)], direction).output;
      const forward = scanned("h4.forward", "forward"); //                                      eq. 2
      const backward = scanned("h4.backward", "backward"); //                                   eq. 3
      recorded(asColumns(forward), "h4.forward");
      recorded(asColumns(backward), "h4.backward");
      h = asColumns(add(forward, backward)); //                                                 back to [T', B, width]
      h = drop(recorded(g(dense(layers, h, width, "h5", heNormal)), "h5"), "h5"); //            eq. 4
      return { logits: dense(layers, h, symbols, "h6", lecunNormal), states: [] }; //           eq. 5, before the softmax
    },
  };
}
