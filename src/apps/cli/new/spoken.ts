// What came of speaking: which recordings are not what they should be, whether there is one of each sentence to learn from, and
// whether all are still there.

import { EarshotError } from "../../../errors.ts";
import { count } from "../../../figures.ts";
import { fileFacts } from "../../../platform/index.ts";
import type { Output } from "../output.ts";
import { noteLeftOut } from "../speak-report.ts";

/** What `earshot data speak --json` says. */
type Spoken = Readonly<Record<string, unknown>>;

interface LeftOut {
  readonly path: string;
  readonly transcript: string;
  readonly fault: string;
}

const leftOutOf = ({ leftOut }: Spoken): readonly LeftOut[] =>
  Array.isArray(leftOut) ? (leftOut as readonly LeftOut[]) : [];

export const tellLeftOut = (spoken: Spoken, output: Output): void =>
  noteLeftOut(
    leftOutOf(spoken).map(({ path, transcript: text, fault }) => ({ path, text, fault })),
    output,
  );

/** Whether recordings that the manifest lists are gone. */
export async function isSpokenLost(manifest: string): Promise<boolean> {
  const { readManifests } = await import("../../../data/index.ts");
  const { utterances } = await readManifests([manifest]);
  for (const { path } of utterances) if ((await fileFacts(path)) === undefined) return true;
  return false;
}

/** @throws EarshotError UNSPOKEN_SENTENCE */
export async function checkSpoken(manifest: string, spoken: Spoken): Promise<void> {
  const leftOut = leftOutOf(spoken);
  if (leftOut.length === 0) return;
  const { readManifests } = await import("../../../data/index.ts");
  const { utterances } = await readManifests([manifest]);
  const learned = new Set(
    utterances.filter(({ split }) => split === "train").map(({ transcript }) => transcript),
  );
  const lost = leftOut.filter(({ transcript }) => !learned.has(transcript));
  if (lost.length === 0) return;
  const [{ transcript, fault }] = lost;
  const texts = new Set(lost.map((one) => one.transcript)).size;
  throw new EarshotError({
    code: "UNSPOKEN_SENTENCE",
    where: manifest,
    problem: `Of "${transcript}"${texts > 1 ? ` and ${count(texts - 1, "more sentence")}` : ""} there is no recording to learn from: ${fault}.`,
    remedy:
      "Write it as it is spoken, leave it out, or take other voices (--engine), and give another --out.",
  });
}
