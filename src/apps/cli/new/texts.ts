// The files that the commands read, written from what was asked for wherever they are not there.

import { openFolder } from "../../../platform/index.ts";
import { grammarPath, NEW_FILES, type Amounts, type NewRequest } from "./plan.ts";
import type { PlannedTraining } from "./training-settings.ts";

/** By name. */
export type Texts = Readonly<Record<string, string>>;

/** @param training that is to be done yet */
export const filesReadBy = (request: NewRequest, amounts: Amounts, training?: PlannedTraining): Texts => ({
  [grammarPath("", request)]: request.grammar,
  [NEW_FILES.negativesTrainText]: amounts.negativesTrain.join("\n"),
  [NEW_FILES.negativesTestText]: amounts.negativesTest.join("\n"),
  ...(training && { [NEW_FILES.settings]: training.yaml }),
});

export async function writeTexts(out: string, texts: Texts): Promise<void> {
  const folder = openFolder(out);
  for (const [name, text] of Object.entries(texts))
    if ((await folder.read(name)) === undefined) await folder.replace(name, new TextEncoder().encode(text));
}
