// An engine runs ONNX programs. One small interface; a driver per platform implements it. Knows nothing of networks.

import { EarshotError, nearestName, type Warning } from "../errors.ts";
import type { ElementType, TensorData } from "../tensor.ts";

export interface EngineOptions {
  /** Threads inside an operator; 0 = one per core. In WebAssembly, the first program loaded decides for all. */
  readonly threads?: number;
  /** Whether idle threads wait in a loop (faster next run, but they take the cores from others). Default false. */
  readonly spinning?: boolean;
  /** Files beside the program that it names as holding its weights, by those names. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export type Feeds = Readonly<Record<string, TensorData>>;

/** What a program says of an input or output. */
export interface TensorDeclaration {
  /** As the runtime calls it: "float32", "int64" and so on. */
  readonly type: string;
  /** A name stands for a size that is open. */
  readonly dims: readonly (number | string)[];
}

/** A loaded program. Runs do not influence one another. */
export interface Program {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Of each input and output, by name. */
  readonly declared: ReadonlyMap<string, TensorDeclaration>;
  /**
   * The arrays fed must not change before the promise settles; the results belong to the caller.
   * @throws EarshotError PROGRAM_FAILED when a feed is missing, unknown or of the wrong shape or type.
   */
  run(feeds: Feeds): Promise<Record<string, TensorData>>;
  /** Frees the memory once the runs under way are done; a later run is the error PROGRAM_CLOSED. */
  close(): Promise<void>;
}

/** A tensor in the memory of what computes: it may be fed to programs of the same engine, and nobody sees its numbers. */
export interface DeviceTensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Frees its memory; it is not fed any more. */
  readonly dispose: () => void;
}

export type DeviceTensors = Readonly<Record<string, TensorData | DeviceTensor>>;

/** A program some of whose results stay on the device. */
export interface DeviceProgram extends Pick<Program, "inputs" | "outputs" | "close"> {
  /**
   * As `Program.run`; those results stay that `loadOnDevice` was told of, until the caller disposes of them, which has to be
   * before the program is closed.
   */
  run(feeds: DeviceTensors): Promise<Record<string, TensorData | DeviceTensor>>;
}

export interface Engine {
  readonly name: string;
  /** What is worth knowing of the choice of this engine: the warning ENGINE_FALLBACK, when another was preferred. */
  readonly warnings?: readonly Warning[];
  /** @throws EarshotError INVALID_PROGRAM when the bytes are not a program that this engine can run. */
  load(program: Uint8Array, options?: EngineOptions): Promise<Program>;
  /**
   * The same, and what `stays` names of the outputs stays on the device. Only engines have it that compute on one.
   * @throws EarshotError INVALID_PROGRAM
   */
  readonly loadOnDevice?: (program: Uint8Array, stays: readonly string[]) => Promise<DeviceProgram>;
}

/** The engines that a platform's driver offers, by name. */
export type EngineTable = Readonly<Record<string, () => Promise<Engine>>>;

/** The name that leaves the choice to the platform, and the one that leaves it to where a GPU is. */
export const AUTO = "auto";
export const GPU = "gpu";

/** For each name that leaves a choice, the engines in the order of preference. */
export interface EnginePreferences {
  readonly [AUTO]: readonly string[];
  readonly [GPU]: readonly string[];
}

/**
 * Opens an engine by name, and never another than the one asked for; of a name that leaves a choice the first that this
 * machine has, which the engine's warnings say if it is not the first.
 * @throws EarshotError UNKNOWN_ENGINE when there is no such name, ENGINE_ABSENT when this machine lacks it
 */
export async function selectEngine(
  table: EngineTable,
  preferences: EnginePreferences,
  name: string,
): Promise<Engine> {
  if (name === AUTO || name === GPU) return selectPreferred(table, preferences[name]);
  if (Object.hasOwn(table, name)) return table[name]();
  const names = [AUTO, GPU, ...Object.keys(table)];
  const near = nearestName(name, names);
  throw new EarshotError({
    code: "UNKNOWN_ENGINE",
    where: name,
    problem: "There is no engine of this name.",
    remedy: near ? `Did you mean "${near}"?` : `Engines: ${names.join(", ")}.`,
  });
}

async function selectPreferred(
  table: EngineTable,
  [first, ...others]: readonly string[],
  warnings: readonly Warning[] = [],
): Promise<Engine> {
  try {
    return { ...(await table[first]()), warnings };
  } catch (error) {
    const absent = error instanceof EarshotError && error.code === "ENGINE_ABSENT";
    if (!absent || others.length === 0) throw error;
    const message = `The engine "${first}" is not there, so "${others[0]}" computes, which may be slower. ${error.problem}`;
    return selectPreferred(table, others, [...warnings, { code: "ENGINE_FALLBACK", message }]);
  }
}

/** Which engine runs programs with loops where this one was named: those on devices have none, and hand over at each step. */
export const engineForLoops = (name: string): string => (name === GPU || name === "webgpu" ? AUTO : name);

/** @param why what the platform says, as part of a sentence */
export function absentEngine(name: string, why: string, remedy: string, cause?: unknown): EarshotError {
  return new EarshotError(
    { code: "ENGINE_ABSENT", where: name, problem: `This machine cannot run the engine: ${why}.`, remedy },
    { cause },
  );
}

export function programClosed(): EarshotError {
  return new EarshotError({
    code: "PROGRAM_CLOSED",
    problem: "The program was closed.",
    remedy: "Load it again, or close it later.",
  });
}

/** Every input is fed, and nothing else: a runtime that ignores what it does not know would hide a misspelling. */
export function checkFeeds(inputs: readonly string[], feeds: Readonly<Record<string, unknown>>): void {
  const missing = inputs.filter((name) => !Object.hasOwn(feeds, name));
  const unknown = Object.keys(feeds).filter((name) => !inputs.includes(name));
  if (missing.length === 0 && unknown.length === 0) return;
  const problems = [
    ...missing.map((name) => `"${name}" is not fed`),
    ...unknown.map((name) => `"${name}" is not an input`),
  ];
  throw new EarshotError({
    code: "PROGRAM_FAILED",
    problem: `The program did not run: ${problems.join("; ")}.`,
    remedy: `Feed exactly ${inputs.join(", ")}.`,
  });
}
