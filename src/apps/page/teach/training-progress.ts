// What a run has said of itself so far, put together from its events: those that come, and those that its log has of earlier visits.

/** The events of a run as far as they are shown here; others are left alone. */
export interface ShownEvent {
  readonly type: string;
  readonly epoch?: number;
  readonly epochs?: number;
  readonly step?: number;
  readonly batches?: number;
  readonly loss?: number;
  readonly etaSeconds?: number;
  readonly done?: number;
  readonly total?: number;
  readonly devLoss?: number;
  readonly devWer?: number;
}

export interface TrainingProgress {
  /** Updates so far, and all of them; 0 while it is not known. */
  readonly step: number;
  readonly steps: number;
  /** Updates that earlier visits had done; undefined until the run has begun in this one. */
  readonly from?: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly etaSeconds?: number;
  /** Of each update: [step, nats]. */
  readonly losses: readonly (readonly [number, number])[];
  /** Of recordings that are held back, at the end of each epoch: [step, nats]. */
  readonly devLosses: readonly (readonly [number, number])[];
  /** The share of words that are wrong in them, at the last epoch's end. */
  readonly devWer?: number;
}

export const NO_PROGRESS: TrainingProgress = {
  step: 0,
  steps: 0,
  epoch: 0,
  epochs: 0,
  losses: [],
  devLosses: [],
};

export function afterEvent(progress: TrainingProgress, event: ShownEvent): TrainingProgress {
  const { type, epoch = 0, epochs = 0, step = 0, batches = 0, loss = Number.NaN, etaSeconds } = event;
  if (type === "batch") {
    const losses = [...upTo(progress.losses, step - 1), [step, loss] as const];
    return { ...progress, step, steps: epochs * batches, epoch, epochs, etaSeconds, losses };
  }
  if (type === "start") return { ...progress, from: step, step, losses: upTo(progress.losses, step) };
  if (type !== "epoch" || event.devLoss === undefined) return progress;
  const devLosses = [...upTo(progress.devLosses, step - 1), [step, event.devLoss] as const];
  return { ...progress, devLosses, devWer: event.devWer };
}

/** What comes later is done again by a run that goes on. */
const upTo = (points: TrainingProgress["losses"], last: number): TrainingProgress["losses"] =>
  points.filter(([step]) => step <= last);

/** @param log of JSON lines, the last of which may be cut off */
export function progressOfLog(log: string): TrainingProgress {
  let progress = NO_PROGRESS;
  for (const line of log.split("\n")) {
    try {
      progress = afterEvent(progress, JSON.parse(line) as ShownEvent);
    } catch {
      // the end of a line that was being written when the tab was closed, or the empty line at the end
    }
  }
  return { ...progress, etaSeconds: undefined, from: undefined };
}
