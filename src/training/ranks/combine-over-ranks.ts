// The hook between gradient and update where several ranks learn: first they tell each other whether all is well and the
// losses, then the gradients are added up. Every rank ends with the same gradient, so with the same weights.

import type { Warning } from "../../errors.ts";
import { readSafetensors, writeSafetensors } from "../../model/index.ts";
import type { Ranks } from "../../platform/index.ts";
import type { TensorData } from "../../tensor.ts";
import type { StepRequest } from "../step/step-plan.ts";
import type { CombinedGradient, CombineGradients, PartStatistics, StepGradient } from "../step/train-step.ts";
import { differing } from "./differing.ts";
import type { SumGradients } from "./sum-gradients.ts";
import { allOf } from "./together.ts";

/** What a rank tells the others before the gradients. */
interface StepReport {
  readonly step: number;
  readonly learningRate: number;
  readonly utterances: number;
  /** Whether it was asked to stop. */
  readonly stop: boolean;
  readonly frames: number;
  readonly warnings: readonly Warning[];
  /** Of its utterances, by their places in the whole batch; as text, since a loss may be no number. */
  readonly losses: readonly (readonly [place: number, loss: string])[];
}

/**
 * @param sumGradients over the same ranks
 * @param followsStatistics whether the network has batch normalization
 */
export function combineOverRanks(
  ranks: Ranks,
  sumGradients: SumGradients,
  followsStatistics: boolean,
): CombineGradients {
  return async (own, request) => {
    const begun = performance.now();
    let mine: StepGradient | undefined;
    let computed = begun;
    const reports = await allOf(ranks, async () => {
      mine = await own();
      computed = performance.now();
      return reportOf(mine, request);
    });
    checkSameStep(reports);
    const met = performance.now();
    const { gradients, statistics } = mine!;
    await sumGradients(gradients);
    const { losses, lost } = lossesOf(reports, request.utterances);
    if (lost.length > 0) scale(gradients, request.utterances / Math.max(1, losses.length));
    const all = followsStatistics ? await statisticsOf(ranks, statistics) : statistics;
    const times = { computing: computed - begun, waiting: met - computed, adding: performance.now() - met };
    return { losses, gradients, statistics: all, lost, times, ...newsOf(reports) };
  };
}

function reportOf({ losses }: StepGradient, request: StepRequest): StepReport {
  const { step, learningRate, utterances, stop = false, frames = 0, warnings = [], places } = request;
  const placed = Array.from(losses, (loss, i) => [places?.[i] ?? i, String(loss)] as const);
  return { step, learningRate, utterances, stop, frames, warnings, losses: placed };
}

function newsOf(reports: readonly StepReport[]): Pick<CombinedGradient, "stop" | "frames" | "warnings"> {
  const warnings = reports.flatMap((report, rank) =>
    report.warnings.map(({ code, message }) => ({ code, message: `rank ${rank}: ${message}` })),
  );
  return {
    stop: reports.some(({ stop }) => stop),
    frames: reports.reduce((sum, { frames }) => sum + frames, 0),
    warnings,
  };
}

/** @throws SharedFault RANKS_DIFFER */
function checkSameStep(reports: readonly StepReport[]): void {
  const steps = reports.map(
    ({ step, learningRate, utterances }) => `${step}, ${learningRate}, ${utterances}`,
  );
  const odd = steps.findIndex((step) => step !== steps[0]);
  if (odd > 0) throw differing(odd, reports.length, "the step, its learning rate or its batch");
}

/** In the order of the whole batch. @returns also the places of those that no rank could learn from */
function lossesOf(
  reports: readonly StepReport[],
  utterances: number,
): { losses: Float64Array; lost: number[] } {
  const known = new Map(reports.flatMap(({ losses }) => losses));
  const places = Array.from({ length: utterances }, (_, place) => place);
  return {
    losses: Float64Array.from(
      places.filter((place) => known.has(place)),
      (place) => Number(known.get(place)),
    ),
    lost: places.filter((place) => !known.has(place)),
  };
}

/** What was divided by as many as were planned. */
function scale(gradients: StepGradient["gradients"], factor: number): void {
  for (const [, gradient] of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] *= factor;
}

/** What batch normalization measured in all parts, in their order. */
async function statisticsOf(
  ranks: Ranks,
  own: readonly PartStatistics[],
): Promise<readonly PartStatistics[]> {
  const tensors = own.flatMap(({ part, results }, i) =>
    Object.entries(results).map(([name, tensor]) => [`${part} ${i} ${name}`, tensor] as const),
  );
  const all = await ranks.gather(writeSafetensors(new Map(tensors)));
  const parts = new Map<string, { part: number; i: number; results: Record<string, TensorData> }>();
  for (const bytes of all)
    for (const [key, tensor] of readSafetensors(bytes, "statistics").tensors) {
      const [, part, i, name] = /^(\d+) (\d+) (.*)$/.exec(key)!;
      const entry = parts.get(`${part} ${i}`) ?? { part: Number(part), i: Number(i), results: {} };
      entry.results[name] = tensor;
      parts.set(`${part} ${i}`, entry);
    }
  return [...parts.values()].toSorted((a, b) => a.part - b.part || a.i - b.i);
}
