// The door to learning-rate schedules: one is a file in schedules/ and a row here.

import { choice, type z } from "../settings.ts";
import { annealed, annealedSettings } from "./schedules/annealed.ts";
import { oneCycle, oneCycleSettings } from "./schedules/one-cycle.ts";
import type { Schedule } from "./schedules/schedule.ts";

export type { Schedule } from "./schedules/schedule.ts";

export const scheduleSettings = choice([oneCycleSettings, annealedSettings]);
export type ScheduleSettings = z.output<typeof scheduleSettings>;

export function createSchedule(settings: ScheduleSettings): Schedule {
  return settings.name === "one-cycle" ? oneCycle(settings) : annealed(settings);
}
