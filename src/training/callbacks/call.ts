// Calls callbacks at an event of the loop, one after another, and does what their answers ask for.

import type { TrainingRun } from "../run/run.ts";
import type { Answer, Callback, LoopEvent, LoopEvents } from "./callback.ts";

type Run = Pick<TrainingRun, "callbacks" | "progress" | "stopReason">;

export async function call<Name extends LoopEvent>(
  run: Run,
  name: Name,
  event: LoopEvents[Name],
): Promise<void> {
  for (const callback of run.callbacks) {
    const handler = callback[name] as ((event: LoopEvents[Name]) => Answer | Promise<Answer>) | undefined;
    if (handler) follow(run, callback, await handler.call(callback, event));
  }
}

function follow(run: Run, { name }: Callback, answer: Answer): void {
  if (!answer) return;
  const { stop, learningRateFactor = 1 } = answer === "stop" ? { stop: `asked by ${name}` } : answer;
  const { progress } = run;
  run.stopReason ??= stop;
  run.progress = { ...progress, learningRateFactor: progress.learningRateFactor * learningRateFactor };
}
