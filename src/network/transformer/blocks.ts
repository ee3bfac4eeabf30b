// The blocks that a transformer is a stack of, each a function from the steps and what was remembered of those before to
// the steps that come out. Normalization comes first in each branch (Xiong et al. 2020, arXiv 2002.04745), so that deep
// stacks train from the first step on. A block is a function here and a row in the table.

import { add, gelu, mul, slice, type Tensor } from "../../graph/index.ts";
import { heNormal, lecunNormal } from "../initializers.ts";
import { dense, normalized, swish } from "../layers.ts";
import type { LayerContext, StateShape } from "../network.ts";
import { selfAttention, type AttentionSettings } from "./attention.ts";
import { convolutionModule, type ConvolutionSettings } from "./convolution.ts";
import { shortened, type Span } from "./span.ts";

export interface BlockSettings extends AttentionSettings, ConvolutionSettings {
  /** Units in a feed-forward module, as a multiple of the width. */
  readonly feedForward: number;
  readonly dropout: number;
}

export interface BlockRun {
  readonly name: string;
  readonly span: Span;
  /** Steps that this block looks ahead. */
  readonly lookAhead: number;
  /** The share of utterances that a branch is left out for. */
  readonly skipped: number;
  /** What it remembers, in the order of its states; empty where the whole utterance is there. */
  readonly states: readonly Tensor[];
}

export interface BlockResult {
  /** [T' + A − lookAhead, B, H] */
  readonly output: Tensor;
  readonly states: readonly Tensor[];
}

export interface Block {
  /** What a chunk hands on to the next, if layers remember `memory` steps. */
  readonly states: (name: string, memory: number, settings: BlockSettings) => StateShape[];
  readonly build: (layers: LayerContext, x: Tensor, settings: BlockSettings, run: BlockRun) => BlockResult;
}

/** Vaswani et al. 2017, with GELU. */
const transformer: Block = {
  states: (name, memory, { width }) => [{ name: `${name}.memory`, shape: [memory, "B", 2 * width] }],
  build(layers, x, settings, run) {
    const branch = branches(layers, settings, run);
    const attended = attend(layers, x, settings, run);
    const y = branch.add(slice(x, 0, { trim: run.lookAhead }), attended.output, "attention");
    return { output: branch.add(y, branch.feedForward(y, "feed", gelu), "feed"), states: attended.states };
  },
};

/** Gulati et al. 2020: attention and convolution between two halves of a feed-forward module. */
const conformer: Block = {
  states: (name, memory, settings) => [
    ...transformer.states(name, memory, settings),
    { name: `${name}.before`, shape: [settings.kernel - 1, "B", settings.width] },
  ],
  build(layers, x, settings, run) {
    const branch = branches(layers, settings, run);
    const half = (y: Tensor, part: string) =>
      branch.add(y, mul(branch.feedForward(y, part, swish), 0.5), part);
    const y = half(x, "feed1");
    const attended = attend(layers, y, settings, run);
    const z = branch.add(slice(y, 0, { trim: run.lookAhead }), attended.output, "attention");
    const [, before] = run.states;
    const convolved = convolutionModule(
      layers,
      normalized(layers, z, `${run.name}.convolution.norm-in`),
      `${run.name}.convolution`,
      settings,
      { span: shortened(run.span, run.lookAhead), before },
    );
    const last = half(branch.add(z, convolved.output, "convolution"), "feed2");
    const states = convolved.before ? [...attended.states, convolved.before] : attended.states;
    return { output: normalized(layers, last, `${run.name}.norm`), states };
  },
};

export const blocks = { transformer, conformer } satisfies Record<string, Block>;
export type BlockName = keyof typeof blocks;
export const blockNames = Object.keys(blocks) as BlockName[];

function attend(
  layers: LayerContext,
  x: Tensor,
  settings: BlockSettings,
  { name, span, lookAhead, states: [memory] }: BlockRun,
) {
  const input = normalized(layers, x, `${name}.attention.norm`);
  const result = selfAttention(layers, input, `${name}.attention`, settings, { span, memory, lookAhead });
  return { output: result.output, states: result.memory ? [result.memory] : [] };
}

/** What the branches of a block have in common. */
function branches(layers: LayerContext, settings: BlockSettings, { name, skipped }: BlockRun) {
  const { width, feedForward, dropout } = settings;
  return {
    /** The branch, of which training drops parts, or all of it, added to what it branched from. */
    add(x: Tensor, branch: Tensor, part: string): Tensor {
      const kept = layers.dropout(branch, `${name}.${part}`, dropout);
      return add(x, layers.stochasticDepth(kept, `${name}.${part}/branch`, skipped));
    },
    feedForward(x: Tensor, part: string, activation: (z: Tensor) => Tensor): Tensor {
      const input = normalized(layers, x, `${name}.${part}.norm`);
      const wide = dense(layers, input, feedForward * width, `${name}.${part}.in`, heNormal);
      const active = layers.dropout(activation(wide), `${name}.${part}.wide`, dropout);
      return dense(layers, active, width, `${name}.${part}.out`, lecunNormal);
    },
  };
}
