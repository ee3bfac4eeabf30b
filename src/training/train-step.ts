// One step of training: the program from frames to gradients, norm cap, update. Holds the weights and the
// optimizer's state. Runs inside the training worker; knows nothing of epochs, files or threads.

import { checkTargets, ctcFeeds, ctcLoss, greedyDecode, readCtc } from "../ctc/index.ts";
import { openEngine, type Program, type TensorData } from "../engine/index.ts";
import { EarshotError, type Warning } from "../errors.ts";
import { followStatistics, stepMask, type WeightTensor } from "../network/index.ts";
import { RandomStream } from "../random.ts";
import type { TrainingPrograms } from "./programs.ts";
import { keepMask } from "./dropout-mask.ts";
import { gradientLength } from "./gradient-length.ts";
import { createOptimizer, type Optimizer, type OptimizerSettings } from "./optimizers.ts";

/** What a step needs to know once; plain data, for it crosses to the worker. */
export interface StepPlan {
  readonly programs: TrainingPrograms;
  readonly optimizer: OptimizerSettings;
  readonly gradientCap: number;
  readonly seed: number;
  /** By name; "auto" by default. */
  readonly engine?: string;
  readonly threads: number;
  /** V, and the index of the blank. */
  readonly symbols: number;
  readonly blank: number;
}

/** A padded batch: frames [T, B, F] with the length of each utterance, and its labels. */
export interface StepBatch {
  readonly frames: Float32Array;
  readonly T: number;
  readonly B: number;
  readonly F: number;
  readonly lengths: readonly number[];
  readonly labels: readonly Int32Array[];
}

/** Everything that a step changes. */
export interface StepState {
  readonly weights: ReadonlyMap<string, WeightTensor>;
  /** The optimizer's arrays for each weight. */
  readonly slots: ReadonlyMap<string, readonly Float32Array[]>;
}

export interface StepOutcome {
  /** Loss of each utterance, in nats. */
  readonly losses: Float64Array;
  /** Norm of the gradient of the mean loss, before the cap. */
  readonly gradientNorm: number;
}

export interface EvaluationOutcome {
  readonly losses: Float64Array;
  /** Greedy labels of each utterance. */
  readonly hypotheses: readonly Int32Array[];
}

interface GradientOutcome {
  readonly losses: Float64Array;
  readonly results: Readonly<Record<string, TensorData>>;
}

export class TrainStep {
  /** What is worth knowing of the engine: that it stands in for a faster one. */
  readonly warnings: readonly Warning[];
  readonly #plan: StepPlan;
  readonly #optimizer: Optimizer;
  readonly #program: Program;
  readonly #evaluation: Program;
  #state: StepState;

  private constructor(
    plan: StepPlan,
    state: StepState,
    programs: readonly Program[],
    warnings: readonly Warning[],
  ) {
    this.warnings = warnings;
    this.#plan = plan;
    this.#optimizer = createOptimizer(plan.optimizer);
    [this.#program, this.#evaluation] = programs;
    this.#state = state;
  }

  static async open(plan: StepPlan, state: StepState): Promise<TrainStep> {
    const engine = await openEngine(plan.engine);
    const load = (program: Uint8Array) => engine.load(program, { threads: plan.threads, spinning: true });
    const programs = await Promise.all([plan.programs.step, plan.programs.evaluation].map(load));
    return new TrainStep(plan, state, programs, engine.warnings ?? []);
  }

  get state(): StepState {
    return this.#state;
  }

  /** Learns from a batch; `step` counts from 0 and seeds the dropout. The update is left out if it is not finite. */
  async step(batch: StepBatch, step: number, learningRate: number): Promise<StepOutcome> {
    const feeds = { ...this.#feeds(batch), ...this.#dropoutFeeds(batch, step), ...this.#lossFeeds(batch) };
    const { losses, results } = await this.#gradients(batch, feeds);
    const gradients = this.#plan.programs.gradients.map(
      ([weight, output]) => [weight, results[output].data as Float32Array] as const,
    );
    const gradientNorm = gradientLength(gradients.map(([, gradient]) => gradient));
    if (Number.isFinite(gradientNorm)) {
      this.#update(gradients, gradientNorm, step, learningRate);
      followStatistics(this.#state.weights, this.#plan.programs.statistics, results);
    }
    return { losses, gradientNorm };
  }

  /** Runs the program; again with the gradient of `ctcLoss` where the program's own came near to underflow. */
  async #gradients(batch: StepBatch, feeds: Record<string, TensorData>): Promise<GradientOutcome> {
    const { logits, ctc } = this.#plan.programs;
    const results = await this.#program.run(feeds);
    const losses = readCtc(results, ctc, this.#steps(batch), batch.labels);
    if (losses) return { losses, results };
    const exact = this.#loss(batch, results[logits]);
    const isGiven: TensorData = { type: "bool", dims: [1], data: Uint8Array.of(1) };
    const again = { ...feeds, "ctc/given": exact.upstream, "ctc/isGiven": isGiven };
    return { losses: exact.losses, results: await this.#program.run(again) };
  }

  /** Losses and greedy labels of a batch, without dropout; changes nothing. */
  async evaluate(batch: StepBatch): Promise<EvaluationOutcome> {
    const results = await this.#evaluation.run(this.#feeds(batch));
    const logits = results[this.#evaluation.outputs[0]];
    const { losses } = this.#loss(batch, logits);
    const { symbols, blank } = this.#plan;
    const steps = this.#steps(batch);
    return { losses, hypotheses: greedyDecode(logits.data as Float32Array, { steps, symbols, blank }) };
  }

  async close(): Promise<void> {
    await Promise.all([this.#program.close(), this.#evaluation.close()]);
  }

  #steps({ lengths }: StepBatch): number[] {
    return lengths.map((length) => this.#stepsOf(length));
  }

  /** T' = ⌈T / stride⌉. */
  #stepsOf(frames: number): number {
    return Math.ceil(frames / this.#plan.programs.stride);
  }

  #feeds(batch: StepBatch): Record<string, TensorData> {
    const { frames, T, B, F } = batch;
    const longest = this.#stepsOf(T);
    const feeds: Record<string, TensorData> = {
      frames: { type: "float32", dims: [T, B, F], data: frames },
      mask: { type: "float32", dims: [longest, B, 1], data: stepMask(this.#steps(batch), longest) },
    };
    for (const [name, { dims, data }] of this.#state.weights) feeds[name] = { type: "float32", dims, data };
    return feeds;
  }

  #dropoutFeeds({ T, B }: StepBatch, step: number): Record<string, TensorData> {
    const steps = this.#stepsOf(T);
    const masks = this.#plan.programs.masks.map(({ name, units, rate }): [string, TensorData] => {
      const random = new RandomStream(this.#plan.seed, "dropout", step, name);
      return [
        name,
        { type: "bool", dims: [steps, B, units], data: keepMask(steps * B * units, rate, random) },
      ];
    });
    return Object.fromEntries(masks);
  }

  /** What the loss in the program needs. @throws IMPOSSIBLE_ALIGNMENT and others, before anything is computed */
  #lossFeeds(batch: StepBatch): Record<string, TensorData> {
    const { symbols, blank } = this.#plan;
    const { labels, B } = batch;
    const steps = this.#steps(batch);
    const T = this.#stepsOf(batch.T);
    checkTargets({ labels, steps, symbols, blank }, T);
    return {
      ...ctcFeeds(labels, steps, symbols, blank),
      "ctc/weights": { type: "float32", dims: [B, 1], data: new Float32Array(B).fill(1 / B) },
      "ctc/given": { type: "float32", dims: [T, B, symbols], data: new Float32Array(T * B * symbols) },
      "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(0) },
    };
  }

  /** The losses, and the gradient of their mean at the logits. */
  #loss(batch: StepBatch, logits: TensorData): { losses: Float64Array; upstream: TensorData } {
    const { symbols, blank } = this.#plan;
    const data = logits.data as Float32Array;
    if (!data.every(Number.isFinite)) throw diverged();
    const { labels } = batch;
    const { losses, gradient } = ctcLoss({ logits: data, steps: this.#steps(batch), labels, symbols, blank });
    for (let i = 0; i < gradient.length; i++) gradient[i] /= batch.B;
    return { losses, upstream: { type: "float32", dims: logits.dims, data: gradient } };
  }

  #update(
    gradients: readonly (readonly [string, Float32Array])[],
    gradientNorm: number,
    step: number,
    learningRate: number,
  ): void {
    const scale = Math.min(1, this.#plan.gradientCap / gradientNorm);
    for (const [name, gradient] of gradients) {
      const { dims, data } = this.#state.weights.get(name)!;
      const facts = { learningRate, step, decays: dims.length > 1 };
      this.#optimizer.update(data, gradient, scale, this.#state.slots.get(name)!, facts);
    }
  }
}

/** Fresh optimizer state for the weights. */
export function emptySlots(weights: StepState["weights"], settings: OptimizerSettings): StepState["slots"] {
  const { slots } = createOptimizer(settings);
  const arrays = ({ data }: WeightTensor) =>
    Array.from({ length: slots }, () => new Float32Array(data.length));
  return new Map([...weights].map(([name, weight]) => [name, arrays(weight)]));
}

function diverged(): EarshotError {
  return new EarshotError({
    code: "DIVERGED",
    where: "training",
    problem: "The network's output is not finite: training has diverged.",
    remedy:
      "Lower the learning rate (peak or initial of schedule) or gradientCap in run.json and continue with --resume; " +
      "where the checkpoint has diverged already, begin anew.",
  });
}
