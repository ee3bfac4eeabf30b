// The ranks that a run learns on: what this one is asked to do is agreed on with the others, so that all of them take the
// same steps and end together; and how long each computes and waits.

import { EarshotError, type Warning } from "../../errors.ts";
import type { Ranks } from "../../platform/index.ts";
import type { TrainingSettings } from "../settings.ts";
import type { RankTimes, StepOutcome, StepRequest } from "../step/step-plan.ts";
import { differing } from "./differing.ts";
import { allOf } from "./together.ts";

/** Of an epoch, in seconds. */
export interface RankReport extends RankTimes {
  readonly rank: number;
  /** Waiting for data. */
  readonly loading: number;
  /** Waiting at the epoch's first update: for rank 0, which reported and saved the epoch before. */
  readonly between: number;
}

const NO_TIME: Omit<RankReport, "rank"> = { computing: 0, waiting: 0, adding: 0, loading: 0, between: 0 };

export class RunRanks {
  readonly rank: number;
  readonly size: number;
  readonly ranks: Ranks;
  readonly #wanted: AbortSignal | undefined;
  readonly #agreed = new AbortController();
  #lost: Warning[] = [];
  #times = { ...NO_TIME };
  #isFirstUpdate = true;

  /** @param wanted asks this rank to stop */
  constructor(ranks: Ranks, wanted: AbortSignal | undefined) {
    this.ranks = ranks;
    this.rank = ranks.rank;
    this.size = ranks.size;
    this.#wanted = wanted;
  }

  /** Whether this rank writes the log, the checkpoints and the model. */
  get leads(): boolean {
    return this.rank === 0;
  }

  /**
   * Before anything is added up: arrays of other sizes would be written over what lies beside them.
   * @throws SharedFault RANKS_DIFFER
   */
  async requireSameSettings(settings: TrainingSettings): Promise<void> {
    const own = Object.entries({ ...settings, threads: 0 }).map(([name, value]) => [
      name,
      JSON.stringify(value),
    ]);
    const all = await allOf(this.ranks, async () => own);
    for (const [i, [name]] of all[0].entries())
      this.requireSame(
        all.map((one) => one[i]?.join()),
        `its setting "${name}"`,
      );
  }

  /** @param batches of an update */
  idle(batches: number): Warning[] {
    if (batches >= this.size) return [];
    const message =
      `An update of this run has ${batches} ${batches === 1 ? "batch" : "batches"}, so that of ${this.size} ranks ${this.size - batches} wait: ` +
      "start fewer ranks, or begin a new run, which takes a batch for each rank (accumulate).";
    return [{ code: "IDLE_RANKS", message }];
  }

  /** Aborted at the same step on all ranks. */
  get signal(): AbortSignal {
    return this.#agreed.signal;
  }

  /** Whether this rank alone was asked to stop, so far. */
  get wantsStop(): boolean {
    return this.#wanted?.aborted === true;
  }

  /** Called by all ranks at the same place, as soon as one was asked to. */
  agreeToStop(): void {
    this.#agreed.abort(this.wantsStop ? this.#wanted!.reason : interruptedElsewhere());
  }

  /** A recording that can no longer be read is done without. */
  readonly noteLost = (_index: number, { message, ...error }: Error): void => {
    const code = error instanceof EarshotError ? error.code : "UNREADABLE_RECORDING";
    this.#lost.push({ code, message: `${message} Its utterance is left out of this update.` });
  };

  /** What the others are to know of this rank at the next step. */
  news(): Pick<StepRequest, "stop" | "warnings"> {
    const warnings = this.#lost;
    this.#lost = [];
    return { stop: this.wantsStop, warnings };
  }

  /** @param waitedMs for data */
  stepDone({ times, stop }: StepOutcome, waitedMs: number): void {
    const { computing = 0, waiting = 0, adding = 0 } = times ?? {};
    this.#times.computing += computing / 1000;
    this.#times[this.#isFirstUpdate ? "between" : "waiting"] += waiting / 1000;
    this.#times.adding += adding / 1000;
    this.#times.loading += waitedMs / 1000;
    this.#isFirstUpdate = false;
    if (stop) this.agreeToStop();
  }

  /**
   * At the end of an epoch.
   * @returns how all ranks did since the last one
   * @throws SharedFault RANKS_DIFFER where weights are not the same
   */
  async compare(digest: () => Promise<string>): Promise<RankReport[]> {
    const times = this.#times;
    this.#times = { ...NO_TIME };
    this.#isFirstUpdate = true;
    const all = await allOf(this.ranks, async () => ({ digest: await digest(), times }));
    this.requireSame(
      all.map((one) => one.digest),
      "the weights",
    );
    return all.map((one, rank) => ({ rank, ...one.times }));
  }

  /** @throws SharedFault RANKS_DIFFER */
  requireSame(values: readonly (string | undefined)[], what: string): void {
    const odd = values.findIndex((value) => value !== values[0]);
    if (odd > 0) throw differing(odd, this.size, what);
  }
}

function interruptedElsewhere(): EarshotError {
  return new EarshotError({
    code: "INTERRUPTED",
    problem: "Another rank was interrupted.",
    remedy: "Continue with --resume.",
  });
}
