// The programs of training: one that takes a batch from frames to the gradient of every weight, with the CTC gradient
// inside, and one for evaluation. Weights and dropout masks are their inputs. One program, since each run of the engine
// copies its results out: what the backward pass needs of the forward pass is ten times the weights (docs/log.md).

import { ctcGradient, type CtcOutputs } from "../../ctc/index.ts";
import { gradientsOf, writeOnnx } from "../../graph/index.ts";
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
  /** The step's outputs: the logits [T', B, V], what the loss is read from, and the gradient of each trained weight. */
  readonly logits: string;
  readonly ctc: CtcOutputs;
  readonly gradients: readonly (readonly [weight: string, output: string])[];
  readonly masks: readonly DropoutMask[];
  /** The weights that batch normalization keeps for inference; no gradient reaches them. */
  readonly statistics: readonly RunningStatistic[];
  /** Input frames per output step. */
  readonly stride: number;
}

/**
 * @param frozen weights that are not trained: nothing is computed for them, nor for what only they need; statistics of batch
 * normalization among them stay, too
 */
export function trainingPrograms(
  architecture: Architecture,
  blank: number,
  frozen: ReadonlySet<string> = new Set(),
): TrainingPrograms {
  const { logits, mask, variables: all, masks, statistics, stride } = trainingGraph(architecture);
  const { graph } = logits;
  const loss = ctcGradient(logits, mask, blank);
  const variables = all.filter(({ name }) => !frozen.has(name));
  const gradients = gradientsOf(logits, loss.gradient, variables).map((gradient) => graph.output(gradient));
  return {
    logits: graph.output(logits).name,
    step: writeOnnx(graph, `${architecture.network.name}/step`),
    evaluation: evaluationProgram(architecture),
    activity: activityProgram(architecture),
    ctc: loss.outputs,
    gradients: gradients.map((gradient, i) => [variables[i].name, gradient.name]),
    masks,
    statistics: statistics.filter(({ weight }) => !frozen.has(weight)),
    stride,
  };
}
