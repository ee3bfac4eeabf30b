// The loss of a batch in TypeScript, and its gradient at the logits.

import { ctcLoss, greedyDecode } from "../../ctc/index.ts";
import { EarshotError } from "../../errors.ts";
import type { Float32Tensor, TensorData } from "../../tensor.ts";
import type { LossTargets } from "./step-feeds.ts";
import type { BatchEvaluation, StepPlan } from "./step-plan.ts";

export interface ExactLoss {
  /** Of each utterance, in nats. */
  readonly losses: Float64Array;
  /** At the logits the gradient of their sum by shares. */
  readonly upstream: Float32Tensor;
}

/** @throws EarshotError DIVERGED where the logits are not finite */
export function exactLoss(
  { steps, labels, shares }: LossTargets,
  logits: TensorData,
  { symbols, blank }: Pick<StepPlan, "symbols" | "blank">,
): ExactLoss {
  const data = logits.data as Float32Array;
  if (!data.every(Number.isFinite)) throw diverged();
  const { losses, gradient } = ctcLoss({ logits: data, steps, labels, symbols, blank });
  for (let i = 0; i < gradient.length; i++) gradient[i] *= shares[Math.floor(i / symbols) % shares.length];
  return { losses, upstream: { type: "float32", dims: logits.dims, data: gradient } };
}

/** What logits [T', B, V] say of a batch: losses, and what they spell. */
export function evaluated(
  labels: readonly Int32Array[],
  steps: readonly number[],
  logits: TensorData,
  { symbols, blank }: Pick<StepPlan, "symbols" | "blank">,
): BatchEvaluation {
  const losses = lossesAt(labels, steps, logits, { symbols, blank });
  return { losses, hypotheses: greedyDecode(logits.data as Float32Array, { steps, symbols, blank }) };
}

/** Of each utterance, in nats. @throws EarshotError DIVERGED */
export function lossesAt(
  labels: readonly Int32Array[],
  steps: readonly number[],
  logits: TensorData,
  plan: Pick<StepPlan, "symbols" | "blank">,
): Float64Array {
  return exactLoss({ steps, labels, shares: steps.map(() => 0) }, logits, plan).losses;
}

function diverged(): EarshotError {
  return new EarshotError({
    code: "DIVERGED",
    where: "training",
    problem: "The network's output is not finite: training has diverged.",
    remedy:
      "Lower the learning rate (peak or initial of schedule) or gradientCap in run.json and continue with --resume; " +
      "where the checkpoint has diverged already, begin anew.",
  });
}
