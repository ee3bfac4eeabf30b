// The door to learning-rate schedules: one is a file in schedules/ and a row here.

import { choice, type z } from "../settings.ts";
import { annealed, annealedSettings } from "./schedules/annealed.ts";
import { cosine, cosineSettings } from "./schedules/cosine.ts";
import { oneCycle, oneCycleSettings } from "./schedules/one-cycle.ts";
import type { Schedule } from "./schedules/schedule.ts";

export type { Schedule } from "./schedules/schedule.ts";

export const scheduleSettings = choice([oneCycleSettings, cosineSettings, annealedSettings]);
export type ScheduleSettings = z.output<typeof scheduleSettings>;

export function createSchedule(settings: ScheduleSettings): Schedule {
  switch (settings.name) {
    case "one-cycle":
      return oneCycle(settings);
    case "cosine":
      return cosine(settings);
    case "annealed":
      return annealed(settings);
  }
}
