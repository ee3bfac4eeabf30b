// A run that goes on without the model that it had written.

import type { Manifest } from "../../data/index.ts";
import type { Folder } from "../../platform/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { RUN_FILES } from "./file-names.ts";

interface Resumed {
  readonly corpus: Manifest;
  readonly checkpoint?: Checkpoint;
}

/** Where the best epoch's model is gone, the best of the epochs to come takes its place, or the last weights where none comes. */
export async function withoutLostModel(folder: Folder, { corpus, checkpoint }: Resumed): Promise<Resumed> {
  const best = checkpoint?.progress.best;
  const isThere = (await folder.list()).some(({ name }) => name === RUN_FILES.model);
  if (best === undefined || isThere) return { corpus, checkpoint };
  const message = `${RUN_FILES.model} of epoch ${best.epoch}, the best so far, is gone: the best from here on takes its place, or the last weights where training is done.`;
  const warnings = [...corpus.warnings, { code: "MODEL_GONE", message }];
  const progress = { ...checkpoint!.progress, best: undefined };
  return { corpus: { ...corpus, warnings }, checkpoint: { ...checkpoint!, progress } };
}
