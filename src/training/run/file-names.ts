// What a run keeps in its folder, by the names under which users find it.

import { MODEL_FILE_NAME } from "../../model/index.ts";

export const RUN_FILES = {
  /** What the run was started with. */
  settings: "run.json",
  /** What it is trained on, where no other manifest says so. */
  manifest: "manifest.csv",
  /** The weights of the best epoch so far. */
  model: MODEL_FILE_NAME,
  /** All that a resumed run needs. */
  checkpoint: "checkpoint.safetensors",
  /** Its events, one JSON object per line. */
  log: "log.jsonl",
  /** There while a process trains into the folder. */
  lock: "run.lock",
} as const;
