// The run's log when the run goes on: a resumed run first drops the lines that the last checkpoint does not cover, so that
// each batch and each epoch is in the log once, however often the run was stopped.

import { EarshotError } from "../../errors.ts";
import { join, type Folder } from "../../platform/index.ts";
import { RUN_FILES } from "./file-names.ts";

/** Steps taken and epochs closed. */
interface Reached {
  readonly step: number;
  readonly epoch: number;
}

/**
 * Cuts the log at the first line that a checkpoint does not cover: of a later step, of an epoch that it had not closed
 * yet (a run may end between the line of an epoch and its checkpoint), or not whole.
 */
export async function rewindLog(folder: Folder, reached: Reached): Promise<void> {
  const content = await folder.read(RUN_FILES.log);
  if (!content) return;
  const lines = new TextDecoder().decode(content).split("\n").slice(0, -1);
  const end = lines.findIndex((line) => isBeyond(line, reached));
  const kept = end < 0 ? lines : lines.slice(0, end);
  await folder.replace(RUN_FILES.log, new TextEncoder().encode(kept.map((line) => `${line}\n`).join("")));
}

/**
 * A run without a checkpoint begins anew, unless it had one: then what it learned would be lost. A run that was killed before its
 * first may have logged batches and even written a model.
 * @throws EarshotError MISSING_CHECKPOINT
 */
export async function checkNothingLost(folder: Folder): Promise<void> {
  const content = await folder.read(RUN_FILES.log);
  const log = content && new TextDecoder().decode(content);
  const hadCheckpoint = log
    ? log.includes(CHECKPOINT_LINE)
    : (await folder.read(RUN_FILES.model)) !== undefined;
  if (!hadCheckpoint) return;
  throw new EarshotError({
    code: "MISSING_CHECKPOINT",
    where: join(folder.path, RUN_FILES.checkpoint),
    problem: "The run had a checkpoint, and it is gone: it could only begin anew, over what it has written.",
    remedy: `Put it back; or begin a run of its own from its best model, where that is there, with the same manifests: earshot train MANIFEST -m ${folder.path} --out OTHER`,
  });
}

const CHECKPOINT_LINE = '{"type":"checkpoint"';

/** True for a line that is not whole, too. */
function isBeyond(line: string, reached: Reached): boolean {
  try {
    const { type, step = 0, epoch = 0 } = JSON.parse(line) as { type?: string } & Partial<Reached>;
    const closes = type === "epoch" || type === "layers" || type === "pairs" || type === "ranks";
    return step > reached.step || (closes && epoch > reached.epoch);
  } catch {
    return true;
  }
}
