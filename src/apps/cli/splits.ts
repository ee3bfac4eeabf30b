// Which rows of a manifest a command works on.

import type { Utterance } from "../../data/index.ts";
import { EarshotError, nearestName } from "../../errors.ts";

export interface Selection {
  readonly utterances: readonly Utterance[];
  /** null for every row. */
  readonly split: string | null;
}

/**
 * The rows of the split asked for; else of the preferred one, where there is one; else all.
 * @throws EarshotError UNKNOWN_SPLIT
 */
export function selectSplit(
  utterances: readonly Utterance[],
  asked: string | undefined,
  preferred: string,
  manifest: string,
): Selection {
  const splits = [...new Set(utterances.map(({ split }) => split))];
  const split = asked ?? (splits.includes(preferred) ? preferred : null);
  if (split === null) return { utterances, split };
  const chosen = utterances.filter((utterance) => utterance.split === split);
  if (chosen.length > 0) return { utterances: chosen, split };
  const near = nearestName(split, splits);
  throw new EarshotError({
    code: "UNKNOWN_SPLIT",
    where: manifest,
    problem: `No row has the split "${split}".`,
    remedy: near === undefined ? `The manifest has: ${splits.join(", ")}.` : `Did you mean "${near}"?`,
  });
}
