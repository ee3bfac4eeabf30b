// The programs of training: one that takes a batch from frames to the gradient of every weight, with the CTC gradient
// inside, and one for evaluation. Weights and dropout masks are their inputs. One program, since each run of the engine
// copies its results out: what the backward pass needs of the forward pass is ten times the weights (docs/log.md).

import { ctcGradient, type CtcOutputs } from "../../ctc/index.ts";
import { concat, gradientsOf, writeOnnx, type Tensor } from "../../graph/index.ts";
import {
  activityProgram,
  evaluationProgram,
  trainingGraph,
  type ActivityProgram,
  type Architecture,
  type DropoutMask,
  type RunningStatistic,
} from "../../network/index.ts";

/** Plain data, so that it crosses to the worker that trains. */
export interface TrainingPrograms {
  readonly step: Uint8Array;
  /** Without dropout; its only output is the logits. */
  readonly evaluation: Uint8Array;
  /** The same, to see how the layers do. */
  readonly activity: ActivityProgram;
  /**
   * The step's outputs: the logits [T', (1 + heads) B, V], those of each head behind the network's own; what the loss is read
   * from, and the gradient of each trained weight.
   */
  readonly logits: string;
  /** What the loss takes of each output: the network's first, then the heads between its layers. They add up to 1. */
  readonly shares: readonly number[];
  readonly ctc: CtcOutputs;
  readonly gradients: readonly (readonly [weight: string, output: string])[];
  readonly masks: readonly DropoutMask[];
  /** The weights that batch normalization keeps for inference, and that move with the batches; no gradient reaches them. */
  readonly followed: readonly RunningStatistic[];
  /** Input frames per output step. */
  readonly stride: number;
}

/** A loss between the layers of a network. */
export interface IntermediateLoss {
  /** Beside those of the network itself. */
  readonly heads: number;
  /** Of the mean of all heads; the rest is the network's own. */
  readonly weight: number;
}

/**
 * @param frozen weights that are not trained: nothing is computed for them, nor for what only they need; statistics of batch
 * normalization among them stay, too, and are what it normalizes by
 */
export function trainingPrograms(
  architecture: Architecture,
  blank: number,
  frozen: ReadonlySet<string> = new Set(),
  intermediate: IntermediateLoss = { heads: 0, weight: 0 },
): TrainingPrograms {
  const built = trainingGraph(architecture, { heads: intermediate.heads, frozen });
  const { mask, variables, masks, statistics, stride } = built;
  const heads = intermediate.weight > 0 ? built.heads : [];
  const logits = asOneBatch([built.logits, ...heads]);
  const { graph } = logits;
  const loss = ctcGradient(logits, asOneBatch([mask, ...heads.map(() => mask)]), blank);
  const gradients = gradientsOf(logits, loss.gradient, variables).map((gradient) => graph.output(gradient));
  return {
    logits: graph.output(logits).name,
    shares: sharesOf(heads.length, intermediate.weight),
    step: writeOnnx(graph, `${architecture.network.name}/step`),
    evaluation: evaluationProgram(architecture),
    activity: activityProgram(architecture),
    ctc: loss.outputs,
    gradients: gradients.map((gradient, i) => [variables[i].name, gradient.name]),
    masks,
    followed: statistics.filter(({ weight }) => !frozen.has(weight)),
    stride,
  };
}

/** As one batch, so that one loop over time serves the losses of all. [T', B, ·] → [T', n B, ·] */
export const asOneBatch = (tensors: readonly Tensor[]): Tensor =>
  tensors.length === 1 ? tensors[0] : concat(tensors, 1);

const sharesOf = (heads: number, weight: number): number[] =>
  heads === 0 ? [1] : [1 - weight, ...Array<number>(heads).fill(weight / heads)];
