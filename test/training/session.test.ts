// The main thread's side of the training worker: when the worker ends without an answer, and when calls overtake.

import { expect, it } from "vitest";
import { sameThreadWorker, type SameThreadWorker } from "../../src/platform/index.ts";
import { trainingFailed } from "../../src/training/step/work.ts";
import { TrainSession } from "../../src/training/step/session.ts";
import type { StepBatch, StepPlan, StepRequest, StepState } from "../../src/training/index.ts";

const batch = (): StepBatch => ({ frames: new Float32Array(1), T: 1, B: 1, F: 1, lengths: [1], labels: [] });
const request: StepRequest = { step: 0, utterances: 1, learningRate: 1 };

/** A session with a worker that does what the handlers say. */
async function openSession(
  handlers: Record<string, () => unknown>,
): Promise<{ readonly session: TrainSession; readonly worker: SameThreadWorker }> {
  const worker = sameThreadWorker({ open: () => [], close: () => undefined, ...handlers }, trainingFailed);
  return { session: await TrainSession.open({} as StepPlan, {} as StepState, () => worker), worker };
}

it.each(["heap out of memory", "exit code 134"])(
  "a worker that died (%s) is a named error, at the step under way and at every later one",
  async (reason) => {
    const { session, worker } = await openSession({ step: () => worker.die(new Error(reason)) });
    const problem = `The training worker ended (${reason}), probably for want of memory.`;
    for (const step of [0, 1])
      await expect(session.step([batch()], { ...request, step })).rejects.toMatchObject({
        code: "WORKER_DIED",
        problem,
      });
    await session.close();
  },
);

it("an error without a code becomes one of training, with its trace", async () => {
  const { session } = await openSession({
    state: () => {
      throw new TypeError("no such thing");
    },
  });
  await expect(session.state()).rejects.toMatchObject({
    code: "TRAINING_FAILED",
    problem: expect.stringContaining("TypeError: no such thing"),
  });
  await session.close();
});

it("calls are answered one after another, also when none is waited for", async () => {
  const order: string[] = [];
  const { session } = await openSession({
    async step() {
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push("step");
    },
    state: () => void order.push("state"),
  });
  await Promise.all([session.step([batch()], request), session.state()]);
  expect(order).toEqual(["step", "state"]);
  await session.close();
});
