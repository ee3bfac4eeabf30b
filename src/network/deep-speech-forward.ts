// The paper's network (deep-speech.ts) without what needs the end of an utterance: windows of past frames and a few
// ahead, and a recurrence that only runs forward. So it can follow a stream. Its states are the frames that the next
// window begins with, and the recurrence's. Knows nothing of audio, text or training.

import { concat, lastOf, slice, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { createCell } from "./cells/index.ts";
import { heNormal, lecunNormal } from "./initializers.ts";
import { asColumns, clippedRelu, dense, slidingWindow } from "./layers.ts";
import type { Network, NetworkDefinition, NetworkSizes, StateShape } from "./network.ts";
import { cellInput, cellStates, furtherLayers, recurrentSettings, runCell } from "./recurrent-layer.ts";

const settings = z.strictObject({
  width: z.int().min(1).max(8192).default(512).describe("Units in each hidden layer."),
  context: z.int().min(0).max(50).default(9).describe("Frames of context before a step's own frame."),
  lookAhead: z
    .int()
    .min(0)
    .max(50)
    .default(4)
    .describe("Frames after a step's own frame that it waits for: each delays the text by one hop."),
  stride: z.int().min(1).max(8).default(2).describe("Input frames per step."),
  ceiling: z.number().positive().default(20).describe("Where the rectifier clips."),
  dropout: z.number().min(0).max(0.9).default(0.05).describe("Dropped share of feed-forward units."),
  recurrentStart: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      "The clipped cell's matrix starts as this multiple of the identity (Le et al. 2015; docs/log.md).",
    ),
  ...recurrentSettings,
});

export const deepSpeechForward: NetworkDefinition<typeof settings> = {
  name: "deep-speech-forward",
  settings,
  create,
};

function create(
  { context, lookAhead, stride, dropout, recurrentLayers, ...sizes }: z.output<typeof settings>,
  { features }: NetworkSizes,
): Network {
  const { width, ceiling } = sizes;
  const g = clippedRelu(ceiling);
  const cell = createCell(sizes.cell, sizes);
  const names = ["h4", ...furtherLayers(recurrentLayers)];
  const recurrent = names.flatMap((name) => cellStates(cell, name));
  const past: StateShape[] = context > 0 ? [{ name: "frames", shape: [context, "B", features] }] : [];
  return {
    stride,
    lookAhead,
    states: [...recurrent, ...past],
    build(layers, { frames, mask: ahead, states }, symbols) {
      const mask = slice(ahead, 0, { trim: Math.floor(lookAhead / stride) }); //               [T', B, 1]
      const hidden = (x: Tensor, name: string) => {
        const activations = g(dense(layers, x, width, name, heNormal));
        layers.recordActivity(activations, name, { ceiling, mask });
        return layers.dropout(activations, name, dropout);
      };
      const before = states.slice(recurrent.length);
      const all = concat([...before, frames], 0); //                                           [C + T + lookAhead, B, F]
      let h = slidingWindow(all, context + 1 + lookAhead, stride); //                          [T', B, (C + 1 + lookAhead)F]
      for (const name of ["h1", "h2", "h3"]) h = hidden(h, name);
      const after: Tensor[] = [];
      for (const [i, name] of names.entries()) {
        const x = i === 0 ? h : layers.dropout(h, name, dropout);
        const input = asColumns(cellInput(layers, x, cell, name));
        const own = states.slice(after.length, after.length + 1 + cell.furtherStates.length);
        const result = runCell(layers, cell, input, { name, direction: "forward", states: own, mask });
        after.push(...result.states);
        h = layers.between(asColumns(result.output), name, { layer: i + 1, layers: names.length, mask });
      }
      h = hidden(h, "h5");
      const logits = dense(layers, h, symbols, "h6", lecunNormal);
      const next = before.map(() => lastOf(slice(all, 0, { trim: lookAhead }), 0, context));
      return { logits, states: [...after, ...next] };
    },
  };
}
