// A train step in a worker of its own. Calls are answered one after another; buffers of batches move, they are not
// copied. Node 20 cannot start a worker from TypeScript: from the sources, the worker of the build is started.

import { Worker } from "node:worker_threads";
import { EarshotError, type Warning } from "../../errors.ts";
import type {
  EvaluationOutcome,
  LayerCondition,
  StepBatch,
  StepOutcome,
  StepPlan,
  StepRequest,
  StepState,
} from "./step-plan.ts";
import type { Reply, Request } from "./worker.node.ts";

const ENTRY = import.meta.url.endsWith(".ts")
  ? "../../../dist/training/step/worker.node.js"
  : "./worker.node.js";

export class TrainSession {
  /** What is worth knowing of the worker's engine. */
  warnings: readonly Warning[] = [];
  readonly #worker: Worker;
  #pending: { resolve: (result: unknown) => void; reject: (error: Error) => void } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #dead: Error | undefined;

  private constructor() {
    this.#worker = new Worker(new URL(ENTRY, import.meta.url), { execArgv: [] }); // flags of the parent are not for it
    this.#worker.on("message", ({ result, fault }: Reply) => {
      if (fault) this.#pending?.reject(new EarshotError(fault));
      else this.#pending?.resolve(result);
    });
    this.#worker.on("error", (error) => this.#end(died(error.message, error)));
    this.#worker.on("exit", (code) => this.#end(died(`exit code ${code}`)));
  }

  #end(error: Error): void {
    this.#dead ??= error;
    this.#pending?.reject(this.#dead);
  }

  static async open(plan: StepPlan, state: StepState): Promise<TrainSession> {
    const session = new TrainSession();
    try {
      session.warnings = await session.#call({ call: "open", plan, state });
    } catch (error) {
      await session.#worker.terminate();
      throw error;
    }
    return session;
  }

  /** Learns from a batch, or from several as if they were one; their frames move to the worker. */
  step(parts: readonly StepBatch[], request: StepRequest): Promise<StepOutcome> {
    return this.#call({ call: "step", parts: parts.map(plain), request }, parts.map(buffer));
  }

  /** Losses and greedy labels of a batch, whose frames move to the worker. */
  evaluate(batch: StepBatch): Promise<EvaluationOutcome> {
    return this.#call({ call: "evaluate", batch: plain(batch) }, [buffer(batch)]);
  }

  /** How each layer does on a batch, whose frames move to the worker. */
  inspect(batch: StepBatch): Promise<LayerCondition[]> {
    return this.#call({ call: "inspect", batch: plain(batch) }, [buffer(batch)]);
  }

  /** A copy of the weights and of the optimizer's state. */
  state(): Promise<StepState> {
    return this.#call({ call: "state" });
  }

  async close(): Promise<void> {
    await this.#call({ call: "close" }).catch(() => undefined);
    await this.#worker.terminate();
  }

  #call<Result>(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    const result = this.#queue.then(
      () =>
        new Promise((resolve, reject) => {
          this.#pending = { resolve, reject };
          if (this.#dead) return reject(this.#dead);
          this.#worker.postMessage(request, transfer);
        }),
    );
    this.#queue = result.catch(() => undefined);
    return result as Promise<Result>; // what the worker answers to this request
  }
}

/** Only what a step needs crosses. */
function plain({ frames, T, B, F, lengths, labels }: StepBatch): StepBatch {
  return { frames, T, B, F, lengths, labels };
}

const buffer = ({ frames }: StepBatch) => frames.buffer as ArrayBuffer;

function died(reason: string, cause?: Error): EarshotError {
  return new EarshotError(
    {
      code: "WORKER_DIED",
      where: "training",
      problem: `The training worker ended (${reason}), probably for want of memory.`,
      remedy: "Lower data.batchFrames in run.json and continue with --resume.",
    },
    { cause },
  );
}
