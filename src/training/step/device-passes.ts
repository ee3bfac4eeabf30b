// The two passes on a device, and evaluation: the programs of each length that batches have, of which the last used stay
// loaded. Lengths are rounded up, so that a corpus has few; what is added is padding, which no network takes notice of.

import {
  loadOnDevice,
  type DeviceProgram,
  type DeviceTensor,
  type DeviceTensors,
  type Engine,
} from "../../engine/index.ts";
import type { TensorData } from "../../tensor.ts";
import { DeviceGraphs, type DevicePlan, type StayingProgram } from "./device-programs.ts";
import { takenBy } from "./step-feeds.ts";
import type { StepBatch } from "./step-plan.ts";

/** Lengths whose programs stay loaded. */
const LENGTHS_KEPT = 24;

type Pass = "forward" | "backward" | "evaluation";
type LoadedPasses = Map<Pass, DeviceProgram>;

export interface ForwardPass {
  readonly logits: TensorData;
  /** What batch normalization measured, by output. */
  readonly statistics: Readonly<Record<string, TensorData>>;
  /** What the backward pass needs; the caller disposes of it. */
  readonly saved: ReadonlyMap<string, DeviceTensor>;
}

export class DevicePasses {
  readonly graphs: DeviceGraphs;
  readonly #engine: Engine;
  /** T between one length and the next. */
  readonly #framesBetween: number;
  /** By T; the last used last. */
  readonly #loaded = new Map<number, LoadedPasses>();

  constructor(engine: Engine, plan: DevicePlan, stride: number) {
    this.#engine = engine;
    this.#framesBetween = stride * (plan.stepsBetweenLengths ?? 32);
    this.graphs = new DeviceGraphs(plan);
  }

  /** The batch with padding up to a length that there are programs for. */
  padded(batch: StepBatch): StepBatch {
    if (!this.graphs.hasLoops) return batch;
    const { frames, T, B, F } = batch;
    const length = this.#framesBetween * Math.ceil(T / this.#framesBetween);
    if (length === T) return batch;
    const longer = new Float32Array(length * B * F);
    longer.set(frames);
    return { ...batch, frames: longer, T: length };
  }

  async forward(T: number, feeds: DeviceTensors): Promise<ForwardPass> {
    const { logits, followed, saved } = this.graphs;
    const results = await this.#run("forward", T, feeds);
    const statistics = followed.map(({ output }) => [output, results[output] as TensorData] as const);
    return {
      logits: results[logits] as TensorData,
      statistics: Object.fromEntries(statistics),
      saved: new Map(saved.map((name) => [name, results[name] as DeviceTensor])),
    };
  }

  /**
   * The gradient of each trained weight.
   * @param feeds those of the forward pass, what that saved, and what it measured
   */
  async backward(T: number, feeds: DeviceTensors, upstream: TensorData): Promise<Map<string, DeviceTensor>> {
    const { gradients } = this.graphs;
    const results = await this.#run("backward", T, { ...feeds, [this.graphs.upstream]: upstream });
    return new Map(gradients.map(([weight, output]) => [weight, results[output] as DeviceTensor]));
  }

  async evaluate(T: number, feeds: DeviceTensors): Promise<TensorData> {
    const results = await this.#run("evaluation", T, feeds);
    return Object.values(results)[0] as TensorData;
  }

  async #run(pass: Pass, T: number, feeds: DeviceTensors) {
    const program = await this.#program(pass, T);
    return program.run(takenBy(program, feeds));
  }

  async #program(pass: Pass, T: number): Promise<DeviceProgram> {
    const length = this.graphs.hasLoops ? T : 0; // one for all lengths
    const passes: LoadedPasses = this.#loaded.get(length) ?? new Map();
    this.#loaded.delete(length);
    this.#loaded.set(length, passes);
    const known = passes.get(pass);
    if (known) return known;
    const { program, stays }: StayingProgram = this.graphs[pass](T);
    const loaded = await loadOnDevice(this.#engine, program, stays);
    passes.set(pass, loaded);
    await this.#closeOldest();
    return loaded;
  }

  async #closeOldest(): Promise<void> {
    for (const [length, passes] of [...this.#loaded].slice(0, -LENGTHS_KEPT)) {
      this.#loaded.delete(length);
      for (const program of passes.values()) await program.close();
    }
  }

  async close(): Promise<void> {
    for (const passes of this.#loaded.values()) for (const program of passes.values()) await program.close();
  }
}
