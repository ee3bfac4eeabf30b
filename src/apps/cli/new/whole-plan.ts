// All that follows from what was asked for: what is spoken and learned, with which settings, and the commands.

import { amountsOf } from "./amounts.ts";
import { newSteps, type Amounts, type NewRequest, type Step } from "./plan.ts";
import { filesReadBy, type Texts } from "./texts.ts";
import { trainingOf, type PlannedTraining } from "./training-settings.ts";

export interface NewPlan {
  readonly request: NewRequest;
  readonly amounts: Amounts;
  /** Absent where the model is trained and tuned. */
  readonly training?: PlannedTraining;
  /** The files that the commands read. */
  readonly texts: Texts;
  readonly steps: readonly Step[];
}

interface PlanOptions {
  /** Of training, tuning and tests. */
  readonly threads?: number;
  /** Whether the model is trained and tuned: then the one that it began with may be gone. */
  readonly isTuned?: boolean;
}

/** @throws EarshotError of the words, of --set, and of the model that training begins with */
export async function newPlanOf(
  out: string,
  request: NewRequest,
  { threads, isTuned }: PlanOptions = {},
): Promise<NewPlan> {
  const amounts = await amountsOf(request);
  const training = isTuned ? undefined : await trainingOf(request, amounts);
  const texts = filesReadBy(request, amounts, training);
  return { request, amounts, training, texts, steps: newSteps(out, request, amounts, threads) };
}
