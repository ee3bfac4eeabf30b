// The complaint of whoever reads the folder of a run: resuming, the report, the doctor.

import { EarshotError } from "../../errors.ts";

export function notARun(directory: string, cause?: unknown): EarshotError {
  return new EarshotError(
    {
      code: "NOT_A_RUN",
      where: directory,
      problem: "There is no training run in this folder: its run.json is missing or damaged.",
      remedy: "Give the folder that `earshot train --out` wrote.",
    },
    { cause },
  );
}
