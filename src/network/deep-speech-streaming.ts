// A network for live speech: windows of past frames and a few ahead, recurrent layers that only run forward, and above them
// a row convolution over τ steps ahead (Amodei et al. 2016, arXiv 1512.02595, section 3.6), or a share of it above each. Its
// states are the frames that the next window begins with, and the recurrences'. What it looks ahead to is computed again with
// the next chunk, since a state is that after the new frames; for live streams there is the network delayed, which keeps the rows
// beneath the last row convolution instead. Knows nothing of audio, text or training.

import { concat, lastOf, mul, rowConvolution, slice, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { createCell } from "./cells/index.ts";
import { firstRow, lecunNormal } from "./initializers.ts";
import { asColumns, clippedLayer, dense, lookAheadShares, slidingWindow } from "./layers.ts";
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
  given: Settings,
  features: number,
  delaySteps: number,
): Network & { readonly lookAhead: number } {
  const { context, lookAhead: ahead, rowSteps, stride, width } = given;
  const cell = createCell(given.cell, given);
  const recurrent = recurrentNames(given.recurrentLayers).flatMap((name) => cellStates(cell, name));
  const past: StateShape[] = context > 0 ? [{ name: "frames", shape: [context, "B", features] }] : [];
  const rows: StateShape[] = delaySteps > 0 ? [{ name: "rows", shape: [delaySteps, "B", width] }] : [];
  const rowsAhead = rowSteps - delaySteps;
  const lookAhead = ahead + rowsAhead * stride;
  return {
    stride,
    lookAhead,
    states: [...recurrent, ...past, ...rows],
    context: { before: context, after: ahead },
    build(layers, { frames, mask, states }, symbols) {
      const before = states.slice(recurrent.length, recurrent.length + past.length);
      const held = states.slice(recurrent.length + past.length);
      const all = concat([...before, frames], 0); //                                           [C + T + lookAhead, B, F]
      const inside = slice(mask, 0, { trim: Math.floor(ahead / stride) });
      let h = slidingWindow(all, context + 1 + ahead, stride); //                              [T' + τ, B, (C + 1 + ahead)F]
      for (const name of ["h1", "h2", "h3"]) h = clippedLayer(layers, h, name, { ...given, mask: inside });
      const stack = recurrentStack(layers, { h, inside, ahead: rowsAhead }, states, given);
      const top = topRow(layers, stack.steps, rowShares(given).at(-1)!, held);
      h = clippedLayer(layers, top.steps.h, "h5", { ...given, mask: top.steps.inside }); //    [T', B, width]
      const logits = dense(layers, h, symbols, "h6", lecunNormal);
      const next = before.map(() => lastOf(slice(all, 0, { trim: lookAhead }), 0, context));
      return { logits, states: [...stack.states, ...next, ...top.held] };
    },
  };
}

/** What a layer gives, with the steps behind T' that the layers above look ahead to. */
interface Steps {
  /** [T' + ahead, B, width] */
  readonly h: Tensor;
  /** 1 in the steps of each utterance. [T' + ahead, B, 1] */
  readonly inside: Tensor;
  readonly ahead: number;
}

/** The recurrent layers, each with its share of the row convolution above it, but for the last. @param states theirs come first */
function recurrentStack(
  layers: LayerContext,
  below: Steps,
  states: readonly Tensor[],
  given: Settings,
): { readonly steps: Steps; readonly states: readonly Tensor[] } {
  const cell = createCell(given.cell, given);
  const names = recurrentNames(given.recurrentLayers);
  const shares = rowShares(given).with(names.length - 1, 0);
  const after: Tensor[] = [];
  let steps = below;
  for (const [i, name] of names.entries()) {
    const { h, inside: mask, ahead } = steps;
    const x = i === 0 ? h : layers.dropout(h, name, given.dropout);
    const input = asColumns(cellInput(layers, x, cell, name));
    const own = states.slice(after.length, after.length + 1 + cell.furtherStates.length);
    const result = runCell(layers, cell, input, { name, direction: "forward", states: own, mask, ahead });
    after.push(...result.states);
    const place = { layer: i + 1, layers: names.length, mask, ahead };
    const output = layers.between(asColumns(result.output), name, place);
    steps = lookingAhead(layers, { ...steps, h: output }, `${name}-row`, shares[i]);
  }
  return { steps, states: after };
}

/** A row convolution over so many steps ahead, of which there are fewer then. */
function lookingAhead(layers: LayerContext, steps: Steps, name: string, share: number): Steps {
  if (share === 0) return steps;
  const { h, inside, ahead } = steps;
  return {
    h: rowsOf(layers, mul(h, inside), name, share),
    inside: slice(inside, 0, { trim: share }),
    ahead: ahead - share,
  };
}

/**
 * The last row convolution. @param held of a delayed network the rows before these, so that it gives those of `share` steps ago and
 * looks ahead to none. [share, B, width]
 */
function topRow(
  layers: LayerContext,
  steps: Steps,
  share: number,
  held: readonly Tensor[],
): { readonly steps: Steps; readonly held: readonly Tensor[] } {
  if (held.length === 0) return { steps: lookingAhead(layers, steps, "row", share), held };
  const kept = concat([...held, mul(steps.h, steps.inside)], 0); //                             [share + T', B, width]
  return { steps: { ...steps, h: rowsOf(layers, kept, "row", share) }, held: [lastOf(kept, 0, share)] };
}

/** The steps that each layer's row convolution looks ahead. */
const rowShares = ({
  rowSteps,
  recurrentLayers: layers,
  rowPlaces,
}: Pick<Settings, "rowSteps" | "recurrentLayers" | "rowPlaces">): number[] =>
  rowPlaces === "top" ? [...Array<number>(layers - 1).fill(0), rowSteps] : lookAheadShares(rowSteps, layers);

/** It begins as nothing but its own step. [T' + τ, B, H] → [T', B, H] */
const rowsOf = ({ weight }: LayerContext, h: Tensor, name: string, steps: number): Tensor =>
  rowConvolution(h, weight(`${name}.weight`, [steps + 1, h.shape[2] as number], firstRow));
