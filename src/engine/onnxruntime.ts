// What every driver of ONNX Runtime shares, whichever build of it computes (native, or WebAssembly): sessions behind the
// engine's interface. It knows neither platforms nor which execution providers there are.

import type { InferenceSession, Tensor } from "onnxruntime-common";
import { EarshotError } from "../errors.ts";
import type { ElementType, TensorData, TypedData } from "../tensor.ts";
import {
  checkFeeds,
  programClosed,
  type DeviceTensor,
  type DeviceTensors,
  type Engine,
  type EngineOptions,
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
    load: (program, { threads = 0, spinning = false, externalData }: EngineOptions = {}) =>
      openProgram<TensorData>(runtime, program, {
        ...optionsOf({ threads, spinning }),
        ...(externalData && { externalData }),
      }),
  };
}

/** The same of a provider that computes on a device and can leave results there. */
export function onnxDeviceEngine(name: string, runtime: OnnxRuntime, optionsOf: SessionOptions): Engine {
  const options = optionsOf({ threads: 0, spinning: false });
  const stay = (outputs: readonly string[]) => ({
    ...options,
    preferredOutputLocation: Object.fromEntries(outputs.map((output) => [output, "gpu-buffer" as const])),
  });
  return {
    ...onnxEngine(name, runtime, optionsOf),
    loadOnDevice: (program, outputs) =>
      openProgram<TensorData | DeviceTensor>(runtime, program, stay(outputs)),
  };
}

async function openProgram<Data extends TensorData | DeviceTensor>(
  runtime: OnnxRuntime,
  program: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<OrtProgram<Data>> {
  try {
    const all: InferenceSession.SessionOptions = { graphOptimizationLevel: "all", logSeverityLevel: 3 };
    return new OrtProgram(runtime, await runtime.InferenceSession.create(program, { ...all, ...options }));
  } catch (cause) {
    throw new EarshotError(
      {
        code: "INVALID_PROGRAM",
        problem: `ONNX Runtime cannot load the program: ${reason(cause)}.`,
        remedy: "If Earshot built this program, this is a bug; if it came from a file, the file is damaged.",
      },
      { cause },
    );
  }
}

/** What it takes and gives is all in this program's memory, or partly on the device, as the session was opened. */
class OrtProgram<Data extends TensorData | DeviceTensor> {
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

  async run(feeds: Readonly<Record<string, Data>>): Promise<Record<string, Data>> {
    if (!this.#session) throw programClosed();
    checkFeeds(this.inputs, feeds);
    try {
      const results = await this.#track(this.#session.run(this.#toOrt(feeds)));
      return Object.fromEntries(Object.entries(results).map(fromOrt)) as Record<string, Data>;
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

  #toOrt(feeds: DeviceTensors): Record<string, Tensor> {
    const { Tensor } = this.#runtime;
    const toOrt = (fed: TensorData | DeviceTensor): Tensor =>
      fed instanceof OrtDeviceTensor
        ? fed.tensor
        : new Tensor(fed.type, (fed as TensorData).data as Float32Array, fed.dims);
    return Object.fromEntries(Object.entries(feeds).map(([name, fed]) => [name, toOrt(fed)]));
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

function fromOrt([name, tensor]: [string, Tensor]): [string, TensorData | DeviceTensor] {
  if (tensor.location === "gpu-buffer") return [name, new OrtDeviceTensor(tensor)];
  const { type, dims, data } = tensor;
  return [name, { type: type as ElementType, dims, data: data as TypedData }];
}

class OrtDeviceTensor implements DeviceTensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly tensor: Tensor;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
    this.type = tensor.type as ElementType;
    this.dims = tensor.dims;
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** What went wrong, as part of a sentence of ours: without the line of C++ where the runtime noticed it. */
export function reason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = message.replaceAll(/\s+/g, " ").replace(/^\/\S+\.cc:\d+ .* was false\. /, "");
  return text.replace(/\.?\s*$/, "");
}
