// Why a learner cannot be called now.

import { EarshotError } from "../errors.ts";

export function learnerBusy(): EarshotError {
  return new EarshotError({
    code: "LEARNER_BUSY",
    problem: "The learner is at work: it does one thing at a time, since its weights are one.",
    remedy: "Await what it does before the next call, or stop it by its signal.",
  });
}

export function learnerClosed(): EarshotError {
  return new EarshotError({
    code: "LEARNER_CLOSED",
    problem: "The learner is closed.",
    remedy: "Call close() last; saved weights come back with Learner.load.",
  });
}
