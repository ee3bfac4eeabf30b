// Memorizing: a few batches over and over until every text comes out right, or steps or time are up. The clock is
// given; nothing is written.

import { initializeWeights } from "../../network/index.ts";
import { emptySlots, TrainStep, type StepBatch, type StepPlan } from "../../training/index.ts";
import { alignSequences } from "../../text/index.ts";
import { planOf, type StepOf } from "./gradient-check.ts";

export interface Lesson extends StepOf {
  readonly batches: readonly StepBatch[];
  readonly optimizer: StepPlan["optimizer"];
  readonly learningRate: number;
  readonly gradientCap: number;
  readonly mostSteps: number;
  readonly mostSeconds: number;
  /** Share of wrong symbols at which the lesson is learned. */
  readonly goal: number;
  /** Seconds of a steady clock. */
  readonly clock: () => number;
  readonly onStep?: (step: number) => void;
  readonly signal?: AbortSignal;
}

export interface LessonOutcome {
  readonly isLearned: boolean;
  /** Whether time ended it, and not the number of steps. */
  readonly isCut: boolean;
  readonly steps: number;
  /** Share of symbols that are wrong in the end. */
  readonly errorRate: number;
  readonly losses: readonly number[];
  /** Labels that come out, in the order of the batches. */
  readonly hypotheses: readonly Int32Array[];
}

const LOOK_EVERY = 10; // steps

export async function memorize(lesson: Lesson): Promise<LessonOutcome> {
  const { architecture, batches, optimizer, gradientCap, learningRate } = lesson;
  const { clock, mostSteps, mostSeconds } = lesson;
  const weights = initializeWeights(architecture, 1);
  const plan = { ...planOf(lesson, optimizer), gradientCap };
  const trainer = await TrainStep.open(plan, { weights, slots: emptySlots(weights, optimizer) });
  const began = clock();
  const losses: number[] = [];
  try {
    for (let step = 0; ; step++) {
      lesson.signal?.throwIfAborted();
      const isCut = clock() - began > mostSeconds;
      if (isCut || step === mostSteps || (step > 0 && step % LOOK_EVERY === 0)) {
        const measured = await evaluate(trainer, batches);
        const isLearned = measured.errorRate <= lesson.goal;
        if (isLearned || isCut || step >= mostSteps)
          return { ...measured, isLearned, isCut, steps: step, losses };
      }
      const batch = copyOf(batches[step % batches.length]);
      const outcome = await trainer.step([batch], { step, utterances: batch.B, learningRate });
      losses.push(outcome.losses.reduce((sum, loss) => sum + loss, 0) / outcome.losses.length);
      lesson.onStep?.(step + 1);
    }
  } finally {
    await trainer.close();
  }
}

const copyOf = (batch: StepBatch): StepBatch => ({ ...batch, frames: batch.frames.slice() });

async function evaluate(
  trainer: TrainStep,
  batches: readonly StepBatch[],
): Promise<Pick<LessonOutcome, "errorRate" | "hypotheses">> {
  const hypotheses: Int32Array[] = [];
  let [wrong, total] = [0, 0];
  for (const batch of batches) {
    const measured = await trainer.evaluate(copyOf(batch));
    hypotheses.push(...measured.hypotheses);
    for (const [b, labels] of batch.labels.entries()) {
      wrong += alignSequences([...labels], [...measured.hypotheses[b]]).errors;
      total += labels.length;
    }
  }
  return { errorRate: wrong / total, hypotheses };
}
