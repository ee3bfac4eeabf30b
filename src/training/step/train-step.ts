// One step of training: the program from frames to gradients, the hook that may combine them, norm cap, update. Holds the
// weights and the optimizer's state. Runs inside the training worker; knows nothing of epochs, files or threads.

import { readCtc } from "../../ctc/index.ts";
import { openEngine, type Program } from "../../engine/index.ts";
import type { Warning } from "../../errors.ts";
import { followStatistics, type Weights } from "../../network/index.ts";
import type { Float32Tensor, TensorData } from "../../tensor.ts";
import { evaluated, exactLoss, lossesAt } from "./exact-loss.ts";
import { gradientLength } from "./gradient-length.ts";
import { LayerInspection } from "./inspect-layers.ts";
import { layerNorms } from "./layer-norms.ts";
import { maskProgram } from "./mask-program.ts";
import { createOptimizer, weightUpdate, type OptimizerSettings, type WeightUpdate } from "../optimizers.ts";
import {
  batchFeeds,
  dropoutFeeds,
  lossFeeds,
  lossTargets,
  takenBy,
  utteranceSteps,
  type DropoutPlace,
} from "./step-feeds.ts";
import { SegmentedStep } from "./segmented-step.ts";
import type {
  BatchEvaluation,
  EvaluationOutcome,
  LayerCondition,
  StepBatch,
  StepOutcome,
  StepPlan,
  StepRequest,
  StepState,
  SharedOutcome,
} from "./step-plan.ts";
import { withWeights } from "./weight-average.ts";

type Results = Readonly<Record<string, TensorData>>;

/** What batch normalization measured in a part of the batch, by the outputs of the program. */
export interface PartStatistics {
  /** Its number in the whole batch. */
  readonly part: number;
  readonly results: Results;
}

/** What a step learns from, before the cap. */
export interface StepGradient {
  /** Of each utterance, in nats. */
  readonly losses: Float64Array;
  /** Of the mean loss of the whole batch, for each weight that is trained; their arrays may be changed in place. */
  readonly gradients: readonly (readonly [weight: string, Float32Array])[];
  readonly statistics: readonly PartStatistics[];
}

/** The same of all machines. */
export type CombinedGradient = StepGradient & SharedOutcome;

/**
 * Called between gradient and update: adds the gradients of other machines' parts of the batch, for example.
 * @param own computes that of this machine's part; what it throws concerns the others too
 */
export type CombineGradients = (
  own: () => Promise<StepGradient>,
  request: StepRequest,
) => Promise<CombinedGradient>;

interface OpenPrograms {
  readonly program: Program;
  readonly evaluation: Program;
  readonly segmented?: SegmentedStep;
}

export class TrainStep {
  /** Of the engine, such as that it stands in for a faster one. */
  readonly warnings: readonly Warning[];
  readonly #plan: StepPlan;
  readonly #drawMask = maskProgram();
  readonly #updateWeight: WeightUpdate;
  readonly #program: Program;
  readonly #evaluation: Program;
  readonly #inspection: LayerInspection;
  readonly #segmented: SegmentedStep | undefined;
  readonly #combine: CombineGradients | undefined;
  #state: StepState;

  private constructor(
    plan: StepPlan,
    state: StepState,
    { program, evaluation, segmented }: OpenPrograms,
    warnings: readonly Warning[],
    combine: CombineGradients | undefined,
  ) {
    this.warnings = warnings;
    this.#plan = plan;
    this.#updateWeight = weightUpdate(createOptimizer(plan.optimizer));
    this.#program = program;
    this.#evaluation = evaluation;
    this.#inspection = new LayerInspection(plan);
    this.#segmented = segmented;
    this.#combine = combine;
    this.#state = state;
  }

  static async open(plan: StepPlan, state: StepState, combine?: CombineGradients): Promise<TrainStep> {
    const engine = await openEngine(plan.engine);
    const load = (program: Uint8Array) => engine.load(program, { threads: plan.threads, spinning: true });
    const opened: (Program | SegmentedStep)[] = [];
    const kept = <Opened extends Program | SegmentedStep | undefined>(one: Opened): Opened => {
      if (one) opened.push(one);
      return one;
    };
    try {
      const program = kept(await load(plan.programs.step));
      const evaluation = kept(await load(plan.programs.evaluation));
      const segmented = kept(await SegmentedStep.open(plan, load));
      const programs = { program, evaluation, segmented };
      return new TrainStep(plan, state, programs, engine.warnings ?? [], combine);
    } catch (error) {
      await Promise.all(opened.map((one) => one.close()));
      throw error;
    }
  }

  get state(): StepState {
    return this.#state;
  }

  /** The same, as it is asked of a step whose state is elsewhere. */
  async readState(): Promise<StepState> {
    return this.#state;
  }

  /**
   * Learns from a batch, or from several as if they were one: the gradient is that of the mean loss of all utterances.
   * The update is left out if it is not finite.
   */
  async step(parts: readonly StepBatch[], request: StepRequest): Promise<StepOutcome> {
    const own = () => this.#gradientOf(parts, request);
    const combined: CombinedGradient = await (this.#combine ? this.#combine(own, request) : own());
    const { losses, gradients, statistics, ...shared } = combined;
    const gradientNorm = gradientLength(gradients.map(([, gradient]) => gradient));
    if (Number.isFinite(gradientNorm)) {
      this.#update(gradients, gradientNorm, request);
      for (const { results } of statistics)
        followStatistics(this.#state.weights, this.#plan.programs.followed, results);
      if (request.average) this.#average();
    }
    const norms = request.inspect && { layerNorms: layerNorms(gradients) };
    return { losses, gradientNorm, ...norms, ...shared };
  }

  /** One part after another; their gradients are added up in the arrays of the first. Zeros where there is none. */
  async #gradientOf(
    parts: readonly StepBatch[],
    { step, utterances, numbers }: StepRequest,
  ): Promise<StepGradient> {
    const losses: number[] = [];
    const statistics: PartStatistics[] = [];
    let sums = parts.length > 0 ? [] : this.#zeros();
    for (const [i, batch] of parts.entries()) {
      const outcome = await this.#gradientOfPart(batch, { step, part: numbers?.[i] ?? i, utterances });
      if (i === 0) sums = outcome.gradients;
      else addTo(sums, outcome.gradients);
      losses.push(...outcome.losses);
      statistics.push(...outcome.statistics);
    }
    return { losses: Float64Array.from(losses), gradients: sums, statistics };
  }

  #zeros(): StepGradient["gradients"] {
    const { weights } = this.#state;
    return this.#plan.programs.gradients.map(
      ([weight]) => [weight, new Float32Array(weights.get(weight)!.data.length)] as const,
    );
  }

  /** Of a batch as a whole, or in segments where it is longer than one. */
  async #gradientOfPart(
    batch: StepBatch,
    { utterances, ...place }: DropoutPlace & { readonly utterances: number },
  ): Promise<StepGradient> {
    const { programs } = this.#plan;
    if (this.#segmented?.takes(batch)) {
      const targets = lossTargets(batch, programs, utterances);
      const lossOf = (logits: Float32Tensor) => exactLoss(targets, logits, this.#plan);
      const found = await this.#segmented.gradient(batch, this.#state.weights, lossOf, place);
      const statistics = found.statistics.map((measured) => ({ part: place.part, results: measured }));
      return { losses: found.losses.subarray(0, batch.B), gradients: found.gradients, statistics };
    }
    const { losses, results } = await this.#run(batch, { utterances, ...place });
    const gradients = programs.gradients.map(
      ([weight, output]) => [weight, results[output].data as Float32Array] as const,
    );
    const measured = programs.followed.map(({ output }) => [output, results[output]] as const);
    const statistics = [{ part: place.part, results: Object.fromEntries(measured) }];
    return { losses, gradients, statistics };
  }

  /** Runs the program; again with the gradient of `ctcLoss` where the program's own came near to underflow. */
  async #run(
    batch: StepBatch,
    { utterances, ...place }: DropoutPlace & { readonly utterances: number },
  ): Promise<{ losses: Float64Array; results: Results }> {
    const { programs } = this.#plan;
    const targets = lossTargets(batch, programs, utterances);
    const feeds = takenBy(this.#program, {
      ...batchFeeds(batch, this.#state.weights, this.#plan),
      ...dropoutFeeds(batch, this.#plan, place, this.#drawMask),
      ...lossFeeds(batch, this.#plan, targets),
    });
    const results = await this.#program.run(feeds);
    const own = (losses: Float64Array) => losses.subarray(0, batch.B); // those of the network's output
    const losses = readCtc(results, programs.ctc, targets.steps, targets.labels);
    if (losses) return { losses: own(losses), results };
    const exact = exactLoss(targets, results[programs.logits], this.#plan);
    const isGiven: TensorData = { type: "bool", dims: [1], data: Uint8Array.of(1) };
    const again = { ...feeds, "ctc/given": exact.upstream, "ctc/isGiven": isGiven };
    return { losses: own(exact.losses), results: await this.#program.run(again) };
  }

  /** Losses and greedy labels of a batch, without dropout; changes nothing. */
  async evaluate(batch: StepBatch): Promise<EvaluationOutcome> {
    const { weights, average } = this.#state;
    const latest = await this.#evaluateWith(weights, batch);
    return average ? { ...latest, averaged: await this.#evaluateWith(average.weights, batch) } : latest;
  }

  async #evaluateWith(weights: Weights, batch: StepBatch): Promise<BatchEvaluation> {
    const logits = await this.#logits(weights, batch);
    return evaluated(batch.labels, utteranceSteps(batch, this.#plan.programs), logits, this.#plan);
  }

  /** What each of several labellings costs a batch, by the latest weights; changes nothing. */
  async losses(batch: StepBatch, labellings: readonly StepBatch["labels"][]): Promise<Float64Array[]> {
    const logits = await this.#logits(this.#state.weights, batch);
    const steps = utteranceSteps(batch, this.#plan.programs);
    return labellings.map((labels) => lossesAt(labels, steps, logits, this.#plan));
  }

  async #logits(weights: Weights, batch: StepBatch): Promise<TensorData> {
    const feeds = takenBy(this.#evaluation, batchFeeds(batch, weights, this.#plan));
    const results = await this.#evaluation.run(feeds);
    return results[this.#evaluation.outputs[0]];
  }

  /** How each layer does on a batch; changes nothing. */
  inspect(batch: StepBatch): Promise<LayerCondition[]> {
    return this.#inspection.inspect(batch, this.#state.weights);
  }

  async close(): Promise<void> {
    const all = [this.#program, this.#evaluation, this.#inspection, this.#segmented];
    await Promise.all(all.map((one) => one?.close()));
  }

  #update(
    gradients: StepGradient["gradients"],
    gradientNorm: number,
    { step, learningRate }: StepRequest,
  ): void {
    const { gradientCap, layerRates = {} } = this.#plan;
    const scale = Math.min(1, gradientCap / gradientNorm);
    for (const [name, gradient] of gradients) {
      const { dims, data } = this.#state.weights.get(name)!;
      const own = learningRate * (layerRates[name] ?? 1);
      const facts = { learningRate: own, step, decays: dims.length > 1 };
      this.#updateWeight(data, gradient, scale, this.#state.slots.get(name)!, facts);
    }
  }

  #average(): void {
    const { weights, average } = this.#state;
    this.#state = { ...this.#state, average: withWeights(average, weights, this.#plan.averageDecay ?? 1) };
  }
}

function addTo(sums: StepGradient["gradients"], gradients: StepGradient["gradients"]): void {
  for (const [i, [, gradient]] of gradients.entries()) {
    const [, sum] = sums[i];
    for (let j = 0; j < sum.length; j++) sum[j] += gradient[j];
  }
}

/** Fresh optimizer state for the weights. */
export function emptySlots(weights: Weights, settings: OptimizerSettings): StepState["slots"] {
  const { slots } = createOptimizer(settings);
  const arrays = ({ data }: Float32Tensor) =>
    Array.from({ length: slots }, () => new Float32Array(data.length));
  return new Map([...weights].map(([name, weight]) => [name, arrays(weight)]));
}
