// What every driver of ONNX Runtime shares, whichever build of it computes (native, or WebAssembly): sessions behind the
// engine's interface. It knows neither platforms nor which execution providers there are.

import type { InferenceSession, Tensor } from "onnxruntime-common";
import { EarshotError } from "../errors.ts";
import type { ElementType, TensorData, TypedData } from "../tensor.ts";
import {
  checkFeeds,
  programClosed,
  type Engine,
  type EngineOptions,
  type Feeds,
  type Program,
  type TensorDeclaration,
} from "./engine.ts";

/** The JavaScript API that the builds have in common. */
export type OnnxRuntime = Pick<typeof import("onnxruntime-common"), "InferenceSession" | "Tensor" | "env">;

/** The options of a session for the engine's own options. */
export type SessionOptions = (
  options: Required<Pick<EngineOptions, "threads" | "spinning">>,
) => InferenceSession.SessionOptions;

/** An engine over one execution provider of a runtime. */
export function onnxEngine(name: string, runtime: OnnxRuntime, optionsOf: SessionOptions): Engine {
  return {
    name,
    async load(program, { threads = 0, spinning = false, externalData }: EngineOptions = {}) {
      const options: InferenceSession.SessionOptions = {
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
        ...optionsOf({ threads, spinning }),
        ...(externalData && { externalData }),
      };
      try {
        return new OrtProgram(runtime, await runtime.InferenceSession.create(program, options));
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
}

class OrtProgram implements Program {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly declared: ReadonlyMap<string, TensorDeclaration>;
  readonly #runtime: OnnxRuntime;
  #session: InferenceSession | undefined;
  /** Runs under way; the session may only go when they are done. */
  readonly #runs = new Set<Promise<unknown>>();

  constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.inputs = session.inputNames;
    this.outputs = session.outputNames;
    this.declared = new Map([...session.inputMetadata, ...session.outputMetadata].flatMap(declaration));
  }

  async run(feeds: Feeds): Promise<Record<string, TensorData>> {
    if (!this.#session) throw programClosed();
    checkFeeds(this.inputs, feeds);
    try {
      const results = await this.#track(this.#session.run(this.#toOrt(feeds)));
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

  #toOrt(feeds: Feeds): Record<string, Tensor> {
    const { Tensor } = this.#runtime;
    return Object.fromEntries(
      Object.entries(feeds).map(([name, { type, dims, data }]) => [
        name,
        new Tensor(type, data as Float32Array, dims),
      ]),
    );
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

function declaration(about: InferenceSession.ValueMetadata): [string, TensorDeclaration][] {
  return about.isTensor ? [[about.name, { type: about.type, dims: about.shape }]] : [];
}

function fromOrt([name, { type, dims, data }]: [string, Tensor]): [string, TensorData] {
  return [name, { type: type as ElementType, dims, data: data as TypedData }];
}

/** What went wrong, as part of a sentence of ours: without the line of C++ where the runtime noticed it. */
export function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = message.replaceAll(/\s+/g, " ").replace(/^\/\S+\.cc:\d+ .* was false\. /, "");
  return text.replace(/\.?\s*$/, "");
}
