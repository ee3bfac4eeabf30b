// The door to learning-rate schedules: functions of how far training is. A schedule is a file in schedules/ and a row
// here. Progress is counted in epochs, so batches of different number per epoch do not bend the curve.

import { z } from "../settings.ts";
import { annealed, annealedSettings } from "./schedules/annealed.ts";
import { oneCycle, oneCycleSettings } from "./schedules/one-cycle.ts";

export interface TrainingPosition {
  /** Epochs done, with the fraction of the current one. */
  readonly epoch: number;
  readonly epochs: number;
}

/** The learning rate at a position. */
export type Schedule = (position: TrainingPosition) => number;

export const scheduleSettings = z.discriminatedUnion("name", [oneCycleSettings, annealedSettings]);
export type ScheduleSettings = z.output<typeof scheduleSettings>;

export function createSchedule(settings: ScheduleSettings): Schedule {
  return settings.name === "one-cycle" ? oneCycle(settings) : annealed(settings);
}
