// Whether a checkpoint belongs to the run that is to go on from it: its run.json or its data may have changed since.

import type { PreparedCorpus } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { parameterShapes, type Architecture } from "../../network/index.ts";
import type { Folder } from "../../platform/index.ts";
import { createOptimizer } from "../optimizers.ts";
import type { TrainingSettings } from "../settings.ts";
import { intermediateLoss } from "../step/intermediate-loss.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** A checkpoint goes on only in the network and with the optimizer that made it. @throws EarshotError SETTINGS_CHANGED */
export function checkSameSettings(
  folder: Folder,
  settings: TrainingSettings,
  architecture: Architecture,
  checkpoint: Checkpoint | undefined,
): void {
  if (!checkpoint) return;
  const { weights, slots, average = { weights } } = checkpoint.state;
  const shapes = parameterShapes(architecture, intermediateLoss(settings, architecture).heads);
  const optimizer = createOptimizer(settings.optimizer);
  const odd = [...new Set([...shapes.keys(), ...weights.keys()])].find((name) => {
    const [wanted, came] = [shapes.get(name), weights.get(name)?.dims];
    const kept = slots.get(name) ?? [];
    const sameShape =
      wanted?.join() === came?.join() && came?.join() === average.weights.get(name)?.dims.join();
    const fits = sameShape && kept.length === optimizer.slots;
    return !fits || kept.some(({ length }) => length !== weights.get(name)?.data.length);
  });
  if (odd === undefined) return;
  throw new EarshotError({
    code: "SETTINGS_CHANGED",
    where: folder.path,
    problem: `The checkpoint's "${odd}" does not fit the network and the optimizer of run.json.`,
    remedy: "Restore run.json as the run began with it, or begin a new run.",
  });
}

/** A checkpoint goes on only with the data that it was made with. @throws EarshotError DATA_CHANGED */
export function checkSameData(
  folder: Folder,
  { hash }: Pick<PreparedCorpus, "hash">,
  checkpoint: Checkpoint | undefined,
): void {
  if (!checkpoint || checkpoint.dataHash === hash) return;
  throw new EarshotError({
    code: "DATA_CHANGED",
    where: folder.path,
    problem: "The training data is not what the run began with.",
    remedy: "Restore the manifest and the recordings, or begin a new run.",
  });
}
