// A train step on a device without loops (a GPU through WebGPU): as train-step.ts, but that weights and the optimizer's
// state lie on the device between steps, and that frames, logits, their gradient and a norm are all that crosses.

import { AUTO, openEngine, type DeviceTensors, type Engine } from "../../engine/index.ts";
import type { Warning } from "../../errors.ts";
import { followStatistics, type Weights } from "../../network/index.ts";
import type { TensorData } from "../../tensor.ts";
import { dispose, DeviceMemory, type OnDevice } from "./device-memory.ts";
import { DevicePasses } from "./device-passes.ts";
import type { DevicePlan } from "./device-programs.ts";
import { evaluated, exactLoss, lossesAt } from "./exact-loss.ts";
import { LayerInspection } from "./inspect-layers.ts";
import { layerNorms } from "./layer-norms.ts";
import { maskProgram } from "./mask-program.ts";
import {
  batchFeeds,
  checkLossTargets,
  dropoutFeeds,
  lossTargets,
  utteranceSteps,
  type DropoutPlace,
} from "./step-feeds.ts";
import type {
  BatchEvaluation,
  EvaluationOutcome,
  LayerCondition,
  StepBatch,
  StepOutcome,
  StepPlan,
  StepRequest,
  StepState,
} from "./step-plan.ts";
import { shareOfNewest, withWeights, type WeightAverage } from "./weight-average.ts";

type Statistics = Readonly<Record<string, TensorData>>;

interface OwnGradient {
  readonly losses: Float64Array;
  readonly gradients: OnDevice;
  /** What batch normalization measured in each part. */
  readonly statistics: readonly Statistics[];
}

/** Of the weights on the device, and of those that are not. */
interface DeviceAverage {
  readonly weights: OnDevice;
  readonly others: WeightAverage;
}

export class DeviceStep {
  readonly warnings: readonly Warning[];
  readonly #plan: StepPlan;
  readonly #drawMask = maskProgram();
  readonly #passes: DevicePasses;
  readonly #memory: DeviceMemory;
  /** Once an epoch, so by the processor. */
  readonly #inspection: LayerInspection;
  /** Weights that are not trained: frozen, or statistics. */
  readonly #others: Weights;
  readonly #otherSlots: StepState["slots"];
  #average: DeviceAverage | undefined;

  private constructor(
    { warnings = [] }: Engine,
    plan: StepPlan,
    passes: DevicePasses,
    memory: DeviceMemory,
    state: StepState,
  ) {
    this.warnings = warnings;
    this.#plan = plan;
    this.#passes = passes;
    this.#memory = memory;
    this.#inspection = new LayerInspection({ ...plan, engine: AUTO });
    const isOther = ([name]: readonly [string, unknown]) => !memory.weights.has(name);
    this.#others = new Map([...state.weights].filter(isOther));
    this.#otherSlots = new Map([...state.slots].filter(isOther));
  }

  /** @param engine other than the plan's, for tests */
  static async open(
    plan: StepPlan & { readonly device: DevicePlan },
    state: StepState,
    engine?: Engine,
  ): Promise<DeviceStep> {
    const opened = engine ?? (await openEngine(plan.engine));
    const passes = new DevicePasses(opened, plan.device, plan.programs.stride);
    const trained = passes.graphs.gradients.map(([weight]) => weight);
    const memory = await DeviceMemory.open(opened, plan, state, trained);
    const step = new DeviceStep(opened, plan, passes, memory, state);
    if (state.average) await step.#restoreAverage(state.average);
    return step;
  }

  /** As `TrainStep.step`. */
  async step(parts: readonly StepBatch[], request: StepRequest): Promise<StepOutcome> {
    const { gradients, losses, statistics } = await this.#gradientOf(parts, request);
    try {
      const squares = await this.#memory.squares(gradients);
      const gradientNorm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      if (Number.isFinite(gradientNorm)) {
        await this.#memory.update(gradients, Math.min(1, this.#plan.gradientCap / gradientNorm), request);
        for (const results of statistics)
          followStatistics(this.#others, this.#passes.graphs.followed, results);
        if (request.average) await this.#moveAverage();
      }
      const norms = [...gradients.keys()].map(
        (name, i) => [name, Float32Array.of(Math.sqrt(squares[i]))] as const,
      );
      return { losses, gradientNorm, ...(request.inspect && { layerNorms: layerNorms(norms) }) };
    } finally {
      dispose(gradients);
    }
  }

  /** One part after another; their gradients are added up on the device. */
  async #gradientOf(
    parts: readonly StepBatch[],
    { step, utterances, numbers }: StepRequest,
  ): Promise<OwnGradient> {
    const losses: number[] = [];
    const statistics: Statistics[] = [];
    let sums: OnDevice | undefined;
    for (const [i, batch] of parts.entries()) {
      const place = { step, part: numbers?.[i] ?? i, utterances };
      const part = await this.#gradientOfPart(batch, place).catch((error: unknown) => {
        dispose(sums ?? new Map());
        throw error;
      });
      sums = sums ? await this.#memory.sum(sums, part.gradients) : part.gradients;
      losses.push(...part.losses);
      statistics.push(...part.statistics);
    }
    return { losses: Float64Array.from(losses), gradients: sums!, statistics };
  }

  async #gradientOfPart(
    batch: StepBatch,
    { utterances, ...place }: DropoutPlace & { readonly utterances: number },
  ): Promise<OwnGradient> {
    const padded = this.#passes.padded(batch);
    const { T } = padded;
    const targets = lossTargets(batch, this.#plan.programs, utterances);
    checkLossTargets(padded, this.#plan, targets);
    const feeds = {
      ...this.#feeds(padded, this.#others, this.#memory.weights),
      ...dropoutFeeds(padded, this.#plan, place, this.#drawMask),
    };
    const { logits, statistics, saved } = await this.#passes.forward(T, feeds);
    try {
      const { losses, upstream } = exactLoss(targets, logits, this.#plan);
      const known = { ...feeds, ...statistics, ...Object.fromEntries(saved) };
      const gradients = await this.#passes.backward(T, known, upstream);
      return { losses: losses.subarray(0, batch.B), gradients, statistics: [statistics] };
    } finally {
      dispose(saved);
    }
  }

  #feeds(batch: StepBatch, others: Weights, weights: OnDevice): DeviceTensors {
    return { ...batchFeeds(batch, others, this.#plan), ...Object.fromEntries(weights) };
  }

  /** As `TrainStep.evaluate`. */
  async evaluate(batch: StepBatch): Promise<EvaluationOutcome> {
    const latest = await this.#evaluateWith(this.#memory.weights, this.#others, batch);
    if (!this.#average) return latest;
    const { weights, others } = this.#average;
    return { ...latest, averaged: await this.#evaluateWith(weights, others.weights, batch) };
  }

  async #evaluateWith(weights: OnDevice, others: Weights, batch: StepBatch): Promise<BatchEvaluation> {
    const logits = await this.#logits(weights, others, batch);
    return evaluated(batch.labels, utteranceSteps(batch, this.#plan.programs), logits, this.#plan);
  }

  /** As `TrainStep.losses`. */
  async losses(batch: StepBatch, labellings: readonly StepBatch["labels"][]): Promise<Float64Array[]> {
    const logits = await this.#logits(this.#memory.weights, this.#others, batch);
    const steps = utteranceSteps(batch, this.#plan.programs);
    return labellings.map((labels) => lossesAt(labels, steps, logits, this.#plan));
  }

  #logits(weights: OnDevice, others: Weights, batch: StepBatch): Promise<TensorData> {
    const padded = this.#passes.padded(batch);
    return this.#passes.evaluate(padded.T, this.#feeds(padded, others, weights));
  }

  /** How each layer does on a batch. */
  async inspect(batch: StepBatch): Promise<LayerCondition[]> {
    const weights = new Map([...(await this.#memory.download(this.#memory.weights)), ...this.#others]);
    return this.#inspection.inspect(batch, weights);
  }

  /** A copy of everything that steps change. */
  async readState(): Promise<StepState> {
    const own = await this.#memory.download(this.#memory.weights);
    const slots = new Map([...(await this.#memory.downloadSlots()), ...this.#otherSlots]);
    const weights: Weights = new Map([...own, ...this.#others]);
    if (!this.#average) return { weights, slots };
    const { others, weights: averaged } = this.#average;
    const all = new Map([...(await this.#memory.download(averaged)), ...others.weights]);
    return { weights, slots, average: { weights: all, updates: others.updates } };
  }

  /** The first average is the weights themselves, of which `withWeights` makes a copy. */
  async #moveAverage(): Promise<void> {
    const { averageDecay = 1 } = this.#plan;
    const others = withWeights(this.#average?.others, this.#others, averageDecay);
    const weights = this.#average
      ? await this.#memory.average(this.#average.weights, shareOfNewest(others.updates, averageDecay))
      : await this.#memory.copyOfWeights();
    this.#average = { weights, others };
  }

  async #restoreAverage({ weights, updates }: WeightAverage): Promise<void> {
    const others = new Map([...weights].filter(([name]) => this.#others.has(name)));
    this.#average = { weights: await this.#memory.upload(weights), others: { weights: others, updates } };
  }

  async close(): Promise<void> {
    if (this.#average) dispose(this.#average.weights);
    await this.#inspection.close();
    await this.#passes.close();
    await this.#memory.close();
  }
}
