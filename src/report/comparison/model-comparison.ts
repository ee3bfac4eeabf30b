// What a comparison of models comes to.

import type { SystemComparison, SystemResult } from "../../evaluation/index.ts";

export interface ComparedModel extends SystemResult {
  /** Where a run's log tells it. */
  readonly trainingSeconds?: number;
}

export interface ModelComparison extends Omit<SystemComparison, "systems"> {
  readonly manifests: readonly string[];
  /** null for every row. */
  readonly split: string | null;
  readonly systems: readonly ComparedModel[];
}
