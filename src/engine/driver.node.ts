// The driver for onnxruntime-node. `run` blocks the event loop while it computes: long work belongs in a worker.

import { InferenceSession, Tensor, env } from "onnxruntime-node";
import { EarshotError } from "../errors.ts";
import {
  checkFeeds,
  type Engine,
  type EngineOptions,
  type EngineTable,
  type Feeds,
  type Program,
  type TensorData,
  type TypedData,
} from "./engine.ts";

env.logLevel = "error";

export const engines: EngineTable = { cpu: async () => cpu };

const cpu: Engine = {
  name: "cpu",
  async load(program, { threads = 0, spinning = false }: EngineOptions = {}) {
    const options: InferenceSession.SessionOptions = {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: spinning ? "1" : "0" } } },
    };
    try {
      return new OrtProgram(await InferenceSession.create(program, options));
    } catch (cause) {
      throw new EarshotError(
        {
          code: "INVALID_PROGRAM",
          problem: `ONNX Runtime cannot load the program: ${reason(cause)}.`,
          remedy:
            "If Earshot built this program, this is a bug; if it came from a file, the file is damaged.",
        },
        { cause },
      );
    }
  },
};

class OrtProgram implements Program {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  #session: InferenceSession | undefined;
  /** Runs under way; the session may only go when they are done. */
  readonly #runs = new Set<Promise<unknown>>();

  constructor(session: InferenceSession) {
    this.#session = session;
    this.inputs = session.inputNames;
    this.outputs = session.outputNames;
  }

  async run(feeds: Feeds): Promise<Record<string, TensorData>> {
    if (!this.#session) {
      throw new EarshotError({
        code: "PROGRAM_CLOSED",
        problem: "The program was closed.",
        remedy: "Load it again, or close it later.",
      });
    }
    checkFeeds(this.inputs, feeds);
    try {
      const results = await this.#track(
        this.#session.run(Object.fromEntries(Object.entries(feeds).map(toOrt))),
      );
      return Object.fromEntries(Object.entries(results).map(fromOrt));
    } catch (cause) {
      throw new EarshotError(
        {
          code: "PROGRAM_FAILED",
          problem: `The program did not run: ${reason(cause)}.`,
          remedy: "Feed the shapes and types that the program declares.",
        },
        { cause },
      );
    }
  }

  async #track<T>(run: Promise<T>): Promise<T> {
    this.#runs.add(run);
    try {
      return await run;
    } finally {
      this.#runs.delete(run);
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await Promise.allSettled(this.#runs);
    await session?.release();
  }
}

function toOrt([name, { type, dims, data }]: [string, TensorData]): [string, Tensor] {
  return [name, new Tensor(type, data as Float32Array, dims)];
}

function fromOrt([name, { type, dims, data }]: [string, Tensor]): [string, TensorData] {
  return [name, { type: type as TensorData["type"], dims, data: data as TypedData }];
}

function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replaceAll(/\s+/g, " ").replace(/\.?\s*$/, "");
}
