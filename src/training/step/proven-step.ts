// A train step on a device that has to prove itself: the first batch is learned from by the processor too. Where losses, gradient
// and what the update made of the weights are not the same, or where the processor is faster, the processor goes on, and a
// warning says so; else its copy is closed.

import { AUTO } from "../../engine/index.ts";
import type { Warning } from "../../errors.ts";
import type { DeviceStep } from "./device-step.ts";
import type {
  EvaluationOutcome,
  LayerCondition,
  StepBatch,
  StepOutcome,
  StepPlan,
  StepRequest,
  StepState,
} from "./step-plan.ts";
import { TrainStep } from "./train-step.ts";

/** How far sums of a batch may be apart in 32 bits; what is wrong differs in the first digit. */
const TOLERANCE = 1e-3;

/** What was asked for, and what tells the time, in ms. */
export interface ProvenEngine {
  readonly name: string;
  readonly now?: () => number;
}

type Step = Pick<DeviceStep, "step" | "evaluate" | "losses" | "inspect" | "readState" | "close">;

export class ProvenStep {
  readonly warnings: readonly Warning[];
  readonly #engine: ProvenEngine;
  #step: Step;
  /** Until the first batch. */
  #plain: TrainStep | undefined;

  private constructor(device: DeviceStep, plain: TrainStep, engine: ProvenEngine) {
    this.warnings = device.warnings;
    this.#engine = engine;
    this.#step = device;
    this.#plain = plain;
  }

  /** @param openDevice opens the step on the device, with a state of its own */
  static async open(
    plan: StepPlan,
    state: StepState,
    engine: ProvenEngine,
    openDevice: (state: StepState) => Promise<DeviceStep>,
  ): Promise<ProvenStep> {
    const device = await openDevice(structuredClone(state));
    try {
      return new ProvenStep(device, await TrainStep.open({ ...plan, engine: AUTO }, state), engine);
    } catch (error) {
      await device.close();
      throw error;
    }
  }

  async step(parts: readonly StepBatch[], request: StepRequest): Promise<StepOutcome> {
    const plain = this.#plain;
    if (!plain) return this.#step.step(parts, request);
    this.#plain = undefined;
    const device = this.#step;
    const expected = await plain.step(parts, request);
    const reason = await device
      .step(parts, request)
      .then((outcome) => this.#objection([expected, outcome], [plain, device], parts[0]))
      .catch((error: Error) => `fails: ${error.message}`);
    await (reason === undefined ? plain : device).close().catch(() => undefined); // of what failed not all closes
    if (reason === undefined) return expected;
    this.#step = plain;
    const message = `The engine "${this.#engine.name}" ${reason.replace(/\.?$/, ".")} The processor goes on.`;
    return { ...expected, warnings: [{ code: "ENGINE_FALLBACK", message }] };
  }

  /** Why the device is not taken, behind its name; undefined where it is. */
  async #objection(
    [expected, outcome]: readonly [StepOutcome, StepOutcome],
    [plain, device]: readonly [Step, Step],
    batch: StepBatch,
  ): Promise<string | undefined> {
    const norms = [[expected.gradientNorm], [outcome.gradientNorm]] as const;
    if (!areNear(expected.losses, outcome.losses)) return "gives other losses on the first batch";
    if (!areNear(...norms)) return "gives another gradient on the first batch";
    const losses = [(await plain.evaluate(batch)).losses, (await device.evaluate(batch)).losses] as const;
    if (!areNear(...losses)) return "changes the weights in another way";
    const [processor, own] = [await this.#timeOf(plain, batch), await this.#timeOf(device, batch)];
    if (own <= processor) return undefined;
    return `takes ${own.toFixed(0)} ms for a batch that takes the processor ${processor.toFixed(0)} ms`;
  }

  /** Of a forward pass whose program is loaded. */
  async #timeOf(step: Step, batch: StepBatch): Promise<number> {
    const { now = () => performance.now() } = this.#engine;
    const start = now();
    await step.evaluate(batch);
    return now() - start;
  }

  evaluate(batch: StepBatch): Promise<EvaluationOutcome> {
    return this.#step.evaluate(batch);
  }

  losses(batch: StepBatch, labellings: readonly StepBatch["labels"][]): Promise<Float64Array[]> {
    return this.#step.losses(batch, labellings);
  }

  inspect(batch: StepBatch): Promise<LayerCondition[]> {
    return this.#step.inspect(batch);
  }

  readState(): Promise<StepState> {
    return this.#step.readState();
  }

  async close(): Promise<void> {
    await this.#step.close();
    await this.#plain?.close();
  }
}

/** Whether no number is far from the expected one, relative to it; infinite ones are to be the same. */
function areNear(expected: ArrayLike<number>, found: ArrayLike<number>): boolean {
  return Array.from(expected).every((value, i) => {
    if (!Number.isFinite(value)) return Object.is(value, found[i]);
    return Math.abs(found[i] - value) <= TOLERANCE * Math.max(1e-6, Math.abs(value));
  });
}
