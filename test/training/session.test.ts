// The main thread's side of the training worker, when the worker ends without an answer.

import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { TrainSession } from "../../src/training/step/session.node.ts";
import type { StepBatch, StepPlan, StepState } from "../../src/training/index.ts";

const thread = vi.hoisted(() => ({ onStep: undefined as ((worker: EventEmitter) => unknown) | undefined }));

vi.mock("node:worker_threads", () => ({
  /** Answers everything but a step. */
  Worker: class extends EventEmitter {
    postMessage({ call }: { call: string }) {
      if (call === "step") thread.onStep?.(this);
      else queueMicrotask(() => this.emit("message", {}));
    }
    async terminate() {}
  },
}));

const batch: StepBatch = { frames: new Float32Array(1), T: 1, B: 1, F: 1, lengths: [1], labels: [] };

it.each([
  ["out of memory", (worker: EventEmitter) => worker.emit("error", new Error("heap out of memory"))],
  ["by its exit code", (worker: EventEmitter) => worker.emit("exit", 134)],
])(
  "a worker that died (%s) is a named error, at the step under way and at every later one",
  async (_, die) => {
    thread.onStep = die;
    const session = await TrainSession.open({} as StepPlan, {} as StepState);
    await expect(session.step([batch], { step: 0, learningRate: 1 })).rejects.toMatchObject({
      code: "WORKER_DIED",
    });
    thread.onStep = undefined; // never answers
    await expect(session.step([batch], { step: 1, learningRate: 1 })).rejects.toMatchObject({
      problem: expect.stringMatching(/heap out of memory|exit code 134/),
    });
    await session.close();
  },
);
