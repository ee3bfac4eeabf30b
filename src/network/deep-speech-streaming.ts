// A network for live speech: windows of past frames and a few ahead, recurrent layers that only run forward, and above them
// a row convolution over τ steps ahead (Amodei et al. 2016, arXiv 1512.02595, section 3.6), or a share of it above each. Its
// states are the frames that the next window begins with, and the recurrences'. What it looks ahead to is computed again with
// the next chunk, since a state is that after the new frames; for live streams there is the network delayed, which keeps the rows
// beneath the last row convolution instead. Knows nothing of audio, text or training.

import { concat, lastOf, mul, rowConvolution, slice, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { createCell } from "./cells/index.ts";
import { firstRow, lecunNormal } from "./initializers.ts";
import { asColumns, clippedLayer, dense, slidingWindow } from "./layers.ts";
import type { LayerContext, Network, NetworkDefinition, NetworkSizes, StateShape } from "./network.ts";
import { cellInput, cellStates, recurrentNames, recurrentSettings, runCell } from "./recurrent-layer.ts";

export const forwardSettings = {
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
  ...recurrentSettings,
};

const settings = z.strictObject({
  ...forwardSettings,
  rowSteps: z
    .int()
    .min(1)
    .max(100)
    .default(12)
    .describe(
      "Steps that the row convolution looks ahead, τ: each delays the text by stride hops. With stride 2, lookAhead 4 and hops of 10 ms, 12 steps make (2 + 4 + 24) hops, 300 ms.",
    ),
  rowPlaces: z
    .enum(["top", "each"])
    .default("top")
    .describe(
      "Where it is: above the last recurrent layer, as in Deep Speech 2, or a share of its steps above each layer, so that the next one already knows what comes.",
    ),
  cell: recurrentSettings.cell.default("gru"),
  recurrentLayers: recurrentSettings.recurrentLayers.default(3),
});

export const deepSpeechStreaming: NetworkDefinition<typeof settings> = {
  name: "deep-speech-streaming",
  settings,
  create: createForward,
};

type Settings = z.output<typeof settings>;

/** Of `rowSteps` 0, without a row convolution. */
export function createForward(given: Settings, { features }: NetworkSizes): Network {
  const network = forwardNetwork(given, features, 0);
  const delaySteps = rowShares(given).at(-1)!;
  if (delaySteps === 0) return network;
  const delayed = forwardNetwork(given, features, delaySteps);
  return { ...network, delayed: { ...delayed, delaySteps } };
}

/** @param delaySteps 0, or the share of the last row convolution: the rows that it would look ahead to are a state then */
function forwardNetwork(
  { context, lookAhead: ahead, rowSteps, rowPlaces, stride, dropout, recurrentLayers, ...sizes }: Settings,
  features: number,
  delaySteps: number,
): Network & { readonly lookAhead: number } {
  const cell = createCell(sizes.cell, sizes);
  const names = recurrentNames(recurrentLayers);
  const shares = rowShares({ rowSteps, rowPlaces, recurrentLayers });
  const recurrent = names.flatMap((name) => cellStates(cell, name));
  const past: StateShape[] = context > 0 ? [{ name: "frames", shape: [context, "B", features] }] : [];
  const delayed: StateShape[] =
    delaySteps > 0 ? [{ name: "rows", shape: [delaySteps, "B", sizes.width] }] : [];
  const rowsAhead = rowSteps - delaySteps;
  const lookAhead = ahead + rowsAhead * stride;
  return {
    stride,
    lookAhead,
    states: [...recurrent, ...past, ...delayed],
    context: { before: context, after: ahead },
    build(layers, { frames, mask, states }, symbols) {
      let [inside, waiting] = [slice(mask, 0, { trim: Math.floor(ahead / stride) }), rowsAhead]; // [T' + τ, B, 1]
      const hidden = (x: Tensor, name: string) =>
        clippedLayer(layers, x, name, { ...sizes, dropout, mask: inside });
      const before = states.slice(recurrent.length, recurrent.length + past.length);
      const all = concat([...before, frames], 0); //                                           [C + T + lookAhead, B, F]
      let h = slidingWindow(all, context + 1 + ahead, stride); //                              [T' + τ, B, (C + 1 + ahead)F]
      for (const name of ["h1", "h2", "h3"]) h = hidden(h, name);
      const after: Tensor[] = [];
      let held = states.slice(recurrent.length + past.length); //                              [τ, B, H] of a delayed network
      for (const [i, name] of names.entries()) {
        const x = i === 0 ? h : layers.dropout(h, name, dropout);
        const input = asColumns(cellInput(layers, x, cell, name));
        const own = states.slice(after.length, after.length + 1 + cell.furtherStates.length);
        const run = { name, direction: "forward", states: own, mask: inside, ahead: waiting } as const;
        const result = runCell(layers, cell, input, run);
        after.push(...result.states);
        const place = { layer: i + 1, layers: names.length, mask: inside, ahead: waiting };
        h = layers.between(asColumns(result.output), name, place); //                           [T' + τ, B, width]
        if (i + 1 === names.length || shares[i] === 0) continue;
        h = rows(layers, mul(h, inside), `${name}-row`, shares[i]);
        [inside, waiting] = [slice(inside, 0, { trim: shares[i] }), waiting - shares[i]];
      }
      if (rowSteps > 0) {
        const kept = concat([...held, mul(h, inside)], 0); //                                  [T' + τ, B, width]
        held = held.map(() => lastOf(kept, 0, delaySteps));
        h = rows(layers, kept, "row", shares.at(-1)!); //                                       [T', B, width]
        if (delaySteps === 0) inside = slice(inside, 0, { trim: shares.at(-1)! });
      }
      h = hidden(h, "h5");
      const logits = dense(layers, h, symbols, "h6", lecunNormal);
      const next = before.map(() => lastOf(slice(all, 0, { trim: lookAhead }), 0, context));
      return { logits, states: [...after, ...next, ...held] };
    },
  };
}

/** The steps that each layer's row convolution looks ahead. */
const rowShares = ({
  rowSteps: steps,
  recurrentLayers: layers,
  rowPlaces: places,
}: Pick<Settings, "rowSteps" | "recurrentLayers" | "rowPlaces">): number[] =>
  Array.from({ length: layers }, (_, i) => {
    if (places === "top") return i + 1 < layers ? 0 : steps;
    return Math.floor(((i + 1) * steps) / layers) - Math.floor((i * steps) / layers);
  });

/** A row convolution; it begins as nothing but its own step. [T' + τ, B, H] → [T', B, H] */
const rows = ({ weight }: LayerContext, h: Tensor, name: string, steps: number): Tensor =>
  rowConvolution(h, weight(`${name}.weight`, [steps + 1, h.shape[2] as number], firstRow));
