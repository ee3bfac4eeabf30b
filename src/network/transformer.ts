// A transformer over speech: convolutions that halve the steps, blocks of attention with rotary positions, logits; or the
// conformer, by its block. It sees the whole utterance, or follows a stream: then each layer sees `memory` steps before a
// step's own (Transformer-XL, arXiv 1901.02860) and the layers together `lookAhead` steps after it. Emformer (arXiv
// 2010.10759) bounds the look-ahead by segments, computed anew with each; here a step's reach is fixed in time and in its
// sum, so that chunks of any size give the same. Knows nothing of audio, text or training.

import { EarshotError } from "../errors.ts";
import { lastOf, slice, type Tensor } from "../graph/index.ts";
import { z } from "../settings.ts";
import { lecunNormal } from "./initializers.ts";
import { conditioningSettings } from "./intermediate.ts";
import { dense, lookAheadShares, normalized } from "./layers.ts";
import type { LayerContext, Network, NetworkDefinition, NetworkSizes, StateShape } from "./network.ts";
import { blockNames, blocks } from "./transformer/blocks.ts";
import { present, remembered, shortened, spanOf, type Reach, type Span } from "./transformer/span.ts";
import { subsampled, windowOf, withWindow } from "./transformer/subsampling.ts";

const settings = z.strictObject({
  width: z.int().min(2).max(2048).default(144).describe("Numbers that a step has between the blocks."),
  layers: z.int().min(1).max(48).default(6).describe("Blocks, one on the other."),
  block: z
    .enum(blockNames)
    .default("transformer")
    .describe("What a block is: attention and feed-forward, or the conformer's with a convolution between."),
  heads: z.int().min(1).max(32).default(4).describe("Heads of attention; each sees its part of the width."),
  feedForward: z
    .int()
    .min(1)
    .max(8)
    .default(4)
    .describe("Units of a feed-forward module, as a multiple of the width."),
  kernel: z
    .int()
    .min(2)
    .max(63)
    .default(15)
    .describe("Steps that the conformer's convolution sees (its paper: 32)."),
  channels: z.int().min(1).max(512).default(32).describe("Channels of the convolutions in front."),
  halvings: z
    .int()
    .min(1)
    .max(3)
    .default(2)
    .describe("Convolutions in front, each of which halves the steps: 2 make a step of four frames."),
  memory: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe(
      "Steps before its own that a step sees in each layer, so that the network follows streams; 0: the whole utterance is seen, both ways.",
    ),
  lookAhead: z
    .int()
    .min(0)
    .max(64)
    .default(7)
    .describe(
      "With a memory: steps after its own that a step waits for, the sum of what its layers look ahead.",
    ),
  dropout: z.number().min(0).max(0.9).default(0.1).describe("Dropped share of what each branch gives."),
  stochasticDepth: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe(
      "Share of utterances for which training leaves out a branch of the last block, each branch by itself; of the blocks below it fewer.",
    ),
  ...conditioningSettings,
});

type Settings = z.output<typeof settings>;

export const transformer: NetworkDefinition<typeof settings> = { name: "transformer", settings, create };

function create(given: Settings, { features }: NetworkSizes): Network {
  checkHeads(given);
  const { memory, width, heads } = given;
  const reach: Reach | undefined = memory > 0 ? { memory, lookAhead: given.lookAhead } : undefined;
  const window = windowOf(given);
  const stride = 2 ** given.halvings;
  const own: StateShape[] = [
    { name: "frames", shape: [window, "B", features] },
    { name: "seen", shape: [memory, "B", 1] },
  ];
  const ofBlocks = namesOf(given).flatMap((name) => blocks[given.block].states(name, memory, given));
  return {
    stride,
    lookAhead: reach ? window + stride * reach.lookAhead : "utterance",
    states: reach ? [...own, ...ofBlocks] : [],
    context: { before: window, after: window },
    build(layers, { frames, mask, states }, symbols) {
      const [before, seen, ...carried] = states as readonly (Tensor | undefined)[];
      const all = withWindow(frames, before, window);
      const span = spanOf(mask, seen, reach, width / heads);
      const x = layers.dropout(subsampled(layers, all, given), "front", given.dropout); // [T' + A, B, H]
      const stack = blockStack(layers, x, span, carried as Tensor[], given);
      const logits = dense(layers, normalized(layers, stack.output, "norm"), symbols, "out", lecunNormal);
      if (!before || !reach) return { logits, states: [] };
      const next = lastOf(slice(all, 0, { trim: window + stride * reach.lookAhead }), 0, window);
      return { logits, states: [next, remembered(span.inside, span), ...stack.states] };
    },
  };
}

const namesOf = ({ layers }: Settings): string[] => Array.from({ length: layers }, (_, i) => `b${i + 1}`);

/** The blocks, each with its share of the look-ahead. [T' + A, B, H] → [T', B, H] @param carried the states of all; none without a memory */
function blockStack(
  layers: LayerContext,
  below: Tensor,
  start: Span,
  carried: readonly Tensor[],
  given: Settings,
): { readonly output: Tensor; readonly states: readonly Tensor[] } {
  const { layers: depth, memory } = given;
  const block = blocks[given.block];
  const shares = lookAheadShares(memory > 0 ? given.lookAhead : 0, depth);
  const after: Tensor[] = [];
  let [x, span] = [below, start];
  for (const [i, name] of namesOf(given).entries()) {
    const lookAhead = shares[i];
    const skipped = (given.stochasticDepth * (i + 1)) / depth; // Huang et al. 2016, eq. 4
    const states = carried.slice(after.length, after.length + block.states(name, memory, given).length);
    const result = block.build(layers, x, given, { name, span, lookAhead, skipped, states });
    after.push(...result.states);
    span = shortened(span, lookAhead);
    const place = { layer: i + 1, layers: depth, mask: present(span.inside, span), ahead: span.ahead };
    x = layers.between(result.output, name, place);
  }
  return { output: x, states: after };
}

/** @throws EarshotError INVALID_SETTING */
function checkHeads({ width, heads }: Settings): void {
  if (width % (2 * heads) === 0) return;
  throw new EarshotError({
    code: "INVALID_SETTING",
    where: "network.heads",
    problem: `A width of ${width} does not fall into ${heads} heads of an even number each.`,
    remedy: `Give a width that is a multiple of ${2 * heads}, or other heads.`,
  });
}
