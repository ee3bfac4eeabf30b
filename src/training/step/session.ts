// A train step in a worker of its own. Calls are answered one after another; buffers of batches move, they are not
// copied.

import { EarshotError, type Warning } from "../../errors.ts";
import { startWorker, WorkerClient, type WorkerThread } from "../../platform/index.ts";
import type {
  EvaluationOutcome,
  LayerCondition,
  StepBatch,
  StepOutcome,
  StepPlan,
  StepRequest,
  StepState,
} from "./step-plan.ts";
import type { TrainingWork } from "./work.ts";

/** The thread that a train step runs in. */
const startTrainingWorker = (): WorkerThread => startWorker(new URL(ENTRY, import.meta.url));

const ENTRY = import.meta.url.endsWith(".ts") ? "./training-worker.ts" : "./training-worker.js";

export class TrainSession {
  /** Of the worker's engine, such as that it stands in for a faster one. */
  warnings: readonly Warning[] = [];
  readonly #worker: WorkerClient<TrainingWork>;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(worker: WorkerThread) {
    this.#worker = new WorkerClient(worker, died);
  }

  static async open(
    plan: StepPlan,
    state: StepState,
    startThread: () => WorkerThread = startTrainingWorker,
  ): Promise<TrainSession> {
    const session = new TrainSession(startThread());
    try {
      session.warnings = await session.#inTurn(() => session.#worker.call("open", [plan, state]));
    } catch (error) {
      await session.#worker.close(died(new Error("it was not opened")));
      throw error;
    }
    return session;
  }

  /** Learns from a batch, or from several as if they were one; their frames move to the worker. */
  step(parts: readonly StepBatch[], request: StepRequest): Promise<StepOutcome> {
    return this.#inTurn(() => this.#worker.call("step", [parts.map(plain), request], parts.map(buffer)));
  }

  /** Losses and greedy labels of a batch, whose frames move to the worker. */
  evaluate(batch: StepBatch): Promise<EvaluationOutcome> {
    return this.#inTurn(() => this.#worker.call("evaluate", [plain(batch)], [buffer(batch)]));
  }

  /** What each of several labellings costs a batch, whose frames move to the worker; by the latest weights, in nats. */
  losses(batch: StepBatch, labellings: readonly StepBatch["labels"][]): Promise<Float64Array[]> {
    return this.#inTurn(() => this.#worker.call("losses", [plain(batch), labellings], [buffer(batch)]));
  }

  /** How each layer does on a batch, whose frames move to the worker. */
  inspect(batch: StepBatch): Promise<LayerCondition[]> {
    return this.#inTurn(() => this.#worker.call("inspect", [plain(batch)], [buffer(batch)]));
  }

  /** A digest of the weights. */
  digest(): Promise<string> {
    return this.#inTurn(() => this.#worker.call("digest", []));
  }

  /** A copy of the weights and of the optimizer's state. */
  state(): Promise<StepState> {
    return this.#inTurn(() => this.#worker.call("state", []));
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#worker.call("close", [])).catch(() => undefined); // a dead worker holds nothing
    await this.#worker.close(died(new Error("it was closed")));
  }

  /** A call waits until the one before is answered: each may change the weights. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/** Only what a step needs crosses. */
function plain({ frames, T, B, F, lengths, labels }: StepBatch): StepBatch {
  return { frames, T, B, F, lengths, labels };
}

const buffer = ({ frames }: StepBatch) => frames.buffer as ArrayBuffer;

function died(cause: Error): EarshotError {
  return new EarshotError(
    {
      code: "WORKER_DIED",
      where: "training",
      problem: `The training worker ended (${cause.message}), probably for want of memory.`,
      remedy: "Lower the setting data.batchFrames (in run.json), and resume the run.",
    },
    { cause },
  );
}
