// What a run reads beside the data that it learns: the utterances of its replay, and those of the test of the old skill. Both
// are named by settings, so that a resumed run finds them again.

import { inSplit, readManifests, type Utterance } from "../../data/index.ts";
import type { Warning } from "../../errors.ts";
import type { TrainingSettings } from "../settings.ts";

export interface OtherUtterances {
  readonly utterances: readonly Utterance[];
  /** Of the manifests. */
  readonly warnings: readonly Warning[];
}

/** None where the settings name no replay. @throws EarshotError of the manifests, UNKNOWN_SPLIT */
export const replayOf = ({ replay }: Pick<TrainingSettings, "replay">): Promise<OtherUtterances> =>
  utterancesOf(replay);

/** None where the settings name no old test. @throws EarshotError of the manifests, UNKNOWN_SPLIT */
export const oldTestOf = ({ oldTest }: Pick<TrainingSettings, "oldTest">): Promise<OtherUtterances> =>
  utterancesOf(oldTest);

/**
 * Before a run begins: what is wrong with them would else show when it is too late.
 * @throws EarshotError of the manifests, UNKNOWN_SPLIT
 */
export async function checkOtherManifests(
  settings: Pick<TrainingSettings, "replay" | "oldTest">,
): Promise<void> {
  await Promise.all([replayOf(settings), oldTestOf(settings)]);
}

async function utterancesOf({ data, split }: TrainingSettings["oldTest"]): Promise<OtherUtterances> {
  if (data.length === 0) return { utterances: [], warnings: [] };
  const { utterances, warnings } = await readManifests(data);
  return { utterances: inSplit(utterances, split, data.join(", ")), warnings };
}
