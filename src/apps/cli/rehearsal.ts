// What `earshot train --summary` and `--find-learning-rate` do in place of training: a look at what it would meet.

import type { LearnerOptions } from "../../learner/index.ts";
import type { Session } from "./session.ts";

export interface RehearsalOptions {
  readonly summary?: boolean;
  readonly findLearningRate?: boolean;
}

export async function rehearse(
  { data, settings }: Pick<LearnerOptions, "data" | "settings">,
  { summary, findLearningRate }: RehearsalOptions,
  { output, signal }: Session,
): Promise<void> {
  const { Learner } = await import("../../learner/index.ts");
  const { logTraining } = await import("../../training/index.ts");
  const screen = output.json ? { quiet: true, onEvent: logTraining(output) } : {};
  const learner = await Learner.create({ data, settings, ...screen });
  try {
    if (summary) {
      const steps = await learner.summary({ signal });
      if (output.json) output.object({ type: "summary", steps });
      else output.write("\n");
      learner.showTrainingLoop();
      if (!output.json) output.write("\n");
    }
    if (findLearningRate) {
      const rates = await learner.findLearningRate({ signal });
      if (output.json) output.object({ type: "learningRate", ...rates });
    }
  } finally {
    await learner.close();
  }
}
