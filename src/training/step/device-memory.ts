// The weights, the optimizer's arrays and the running average as they lie on a device between steps, and what changes them
// there. Weights that only follow statistics stay in this program's memory: they are small, and change by other rules.

import {
  loadOnDevice,
  type DeviceProgram,
  type DeviceTensor,
  type DeviceTensors,
  type Engine,
} from "../../engine/index.ts";
import type { Weights } from "../../network/index.ts";
import type { Float32Tensor, TensorData } from "../../tensor.ts";
import { createOptimizer } from "../optimizers.ts";
import type { StayingProgram } from "./device-programs.ts";
import {
  averageProgram,
  copyProgram,
  deviceUpdateProgram,
  slotName,
  squaresProgram,
  sumProgram,
  type WeightShapes,
} from "./device-update.ts";
import type { StepPlan, StepRequest, StepState } from "./step-plan.ts";

/** By name. */
export type OnDevice = ReadonlyMap<string, DeviceTensor>;

export class DeviceMemory {
  readonly #engine: Engine;
  /** Of the weights that are trained. */
  readonly #shapes: WeightShapes;
  readonly #slots: number;
  /** Each stays loaded as long as what it gave may be on the device: that memory is the program's. */
  readonly #programs = new Map<string, Promise<DeviceProgram>>();
  readonly #sources: Readonly<Record<string, () => StayingProgram>>;
  #weights: OnDevice = new Map();
  #arrays: OnDevice = new Map();

  private constructor(engine: Engine, plan: StepPlan, shapes: WeightShapes) {
    this.#engine = engine;
    this.#shapes = shapes;
    this.#slots = createOptimizer(plan.optimizer).slots;
    this.#sources = {
      squares: () => squaresProgram(shapes),
      sum: () => sumProgram(shapes),
      average: () => averageProgram(shapes),
      update: () => deviceUpdateProgram(shapes, plan.optimizer, plan.layerRates),
    };
  }

  /** Puts the weights that are trained on the device, and their slots. */
  static async open(
    engine: Engine,
    plan: StepPlan,
    state: StepState,
    trained: readonly string[],
  ): Promise<DeviceMemory> {
    const shapes = new Map(trained.map((name) => [name, state.weights.get(name)!.dims]));
    const memory = new DeviceMemory(engine, plan, shapes);
    memory.#weights = await memory.upload(state.weights);
    memory.#arrays = await memory.#copied("there", slotTensors(state, shapes));
    return memory;
  }

  /** Of the trained weights. */
  get weights(): OnDevice {
    return this.#weights;
  }

  /** Takes the trained among the weights to the device. */
  upload(weights: Weights): Promise<OnDevice> {
    const trained = [...this.#shapes.keys()].map((name) => [name, weights.get(name)!] as const);
    return this.#copied("there", new Map(trained));
  }

  copyOfWeights(): Promise<OnDevice> {
    return this.#copied("there", this.#weights);
  }

  /** Brings tensors back. */
  download(tensors: OnDevice): Promise<Map<string, Float32Tensor>> {
    return this.#copied<Float32Tensor>("back", tensors);
  }

  /** The slots of each trained weight, brought back. */
  async downloadSlots(): Promise<Map<string, Float32Array[]>> {
    const arrays = await this.download(this.#arrays);
    const of = (name: string) =>
      Array.from({ length: this.#slots }, (_, i) => arrays.get(slotName(name, i))!.data);
    return new Map([...this.#shapes.keys()].map((name) => [name, of(name)]));
  }

  /** Of each gradient the sum of its squares, in the order of the weights. */
  async squares(gradients: OnDevice): Promise<Float32Array> {
    const { squares } = await this.#run("squares", Object.fromEntries(gradients));
    return (squares as TensorData).data as Float32Array;
  }

  /** a + b, in the place of both. */
  async sum(a: OnDevice, b: OnDevice): Promise<OnDevice> {
    const results = await this.#run("sum", { ...Object.fromEntries(a), ...prefixed("more", b) });
    return replaced([a, b], results);
  }

  async update(gradients: OnDevice, scale: number, { learningRate, step }: StepRequest): Promise<void> {
    const results = await this.#run("update", {
      ...Object.fromEntries([...this.#weights, ...this.#arrays]),
      ...prefixed("gradient", gradients),
      learning_rate: scalar(learningRate),
      step: scalar(step),
      scale: scalar(scale),
    });
    const before = [this.#weights, this.#arrays];
    const all = replaced(before, results);
    const named = (names: Iterable<string>) => new Map([...names].map((name) => [name, all.get(name)!]));
    [this.#weights, this.#arrays] = before.map((tensors) => named(tensors.keys()));
  }

  /** The average with so much of what is missing to the weights. */
  async average(average: OnDevice, share: number): Promise<OnDevice> {
    const feeds = {
      ...Object.fromEntries(average),
      ...prefixed("newest", this.#weights),
      share: scalar(share),
    };
    return replaced([average], await this.#run("average", feeds));
  }

  async close(): Promise<void> {
    dispose(this.#weights);
    dispose(this.#arrays);
    for (const program of this.#programs.values()) await (await program).close();
  }

  async #run(name: string, feeds: DeviceTensors) {
    return (await this.#program(name, this.#sources[name])).run(feeds);
  }

  #program(name: string, source: () => StayingProgram): Promise<DeviceProgram> {
    const load = async () => {
      const { program, stays } = source();
      return loadOnDevice(this.#engine, program, stays);
    };
    const program = this.#programs.get(name) ?? load();
    this.#programs.set(name, program);
    return program;
  }

  async #copied<To extends TensorData | DeviceTensor = DeviceTensor>(
    where: "there" | "back",
    tensors: ReadonlyMap<string, TensorData | DeviceTensor>,
  ): Promise<Map<string, To>> {
    const shapes = new Map([...tensors].map(([name, { dims }]) => [name, dims]));
    const program = await this.#program(`${where} ${[...shapes.keys()]}`, () => copyProgram(shapes, where));
    return withoutPrefix(await program.run(Object.fromEntries(tensors))) as Map<string, To>;
  }
}

const scalar = (value: number): Float32Tensor => ({
  type: "float32",
  dims: [],
  data: Float32Array.of(value),
});

const prefixed = (kind: string, tensors: OnDevice): DeviceTensors =>
  Object.fromEntries([...tensors].map(([name, tensor]) => [`${kind}/${name}`, tensor]));

const withoutPrefix = <To>(results: Readonly<Record<string, To>>): Map<string, To> =>
  new Map(Object.entries(results).map(([name, tensor]) => [name.slice("next/".length), tensor]));

/** The results, where those before them are not needed any more. */
function replaced(before: readonly OnDevice[], results: DeviceTensors): Map<string, DeviceTensor> {
  before.forEach(dispose);
  return withoutPrefix(results) as Map<string, DeviceTensor>;
}

export function dispose(tensors: OnDevice): void {
  for (const tensor of tensors.values()) tensor.dispose();
}

const slotTensors = ({ slots }: StepState, shapes: WeightShapes): Map<string, Float32Tensor> =>
  new Map(
    [...shapes].flatMap(([name, dims]) =>
      slots.get(name)!.map((data, i) => [slotName(name, i), { type: "float32", dims, data }] as const),
    ),
  );
