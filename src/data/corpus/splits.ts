// Which utterances of a manifest some work is about: those of a split, by its name.

import { EarshotError, nearestName } from "../../errors.ts";
import type { Utterance } from "../manifests/manifest.ts";

export interface Selection {
  readonly utterances: readonly Utterance[];
  /** null for every row. */
  readonly split: string | null;
}

/**
 * The utterances of the split asked for; else of the preferred one, where there is one; else all.
 * @throws EarshotError UNKNOWN_SPLIT
 */
export function selectSplit(
  utterances: readonly Utterance[],
  asked: string | undefined,
  preferred: string,
  manifest: string,
): Selection {
  const isThere = utterances.some(({ split }) => split === preferred);
  const split = asked ?? (isThere ? preferred : null);
  return { utterances: split === null ? utterances : inSplit(utterances, split, manifest), split };
}

/** @param manifest names it in the message. @throws EarshotError UNKNOWN_SPLIT */
export function inSplit(utterances: readonly Utterance[], split: string, manifest: string): Utterance[] {
  const chosen = utterances.filter((utterance) => utterance.split === split);
  if (chosen.length > 0) return chosen;
  const splits = [...new Set(utterances.map((utterance) => utterance.split))];
  const near = nearestName(split, splits);
  throw new EarshotError({
    code: "UNKNOWN_SPLIT",
    where: manifest,
    problem: `No row has the split "${split}".`,
    remedy: near === undefined ? `The manifest has: ${splits.join(", ")}.` : `Did you mean "${near}"?`,
  });
}
