// Tells callbacks of a moment, one after another, and does what they answer.

import type { TrainingRun } from "../run/run.node.ts";
import type { Answer, Callback, Moment, Moments } from "./callback.ts";

type Run = Pick<TrainingRun, "callbacks" | "progress" | "stopReason">;

export async function tell<Name extends Moment>(run: Run, name: Name, moment: Moments[Name]): Promise<void> {
  for (const callback of run.callbacks) {
    const handler = callback[name] as ((moment: Moments[Name]) => Answer | Promise<Answer>) | undefined;
    if (handler) heed(run, callback, await handler.call(callback, moment));
  }
}

function heed(run: Run, { name }: Callback, answer: Answer): void {
  if (!answer) return;
  const { stop, learningRateFactor = 1 } = answer === "stop" ? { stop: `asked by ${name}` } : answer;
  const { progress } = run;
  run.stopReason ??= stop;
  run.progress = { ...progress, learningRateFactor: progress.learningRateFactor * learningRateFactor };
}
