// The splits of an imported corpus: official ones are kept, missing ones are taken out of train, by whole speakers where
// that is possible. It weighs rows by whatever stands for their length.

import type { Warning } from "../../errors.ts";
import { assignSplits, type SplitShares } from "../corpus/speaker-splits.ts";
import type { CorpusRow } from "./importer.ts";

export interface WeighedRow extends CorpusRow {
  readonly weight: number;
}

export interface CompletedSplits {
  /** In the order of the rows. */
  readonly splits: readonly string[];
  readonly warnings: readonly Warning[];
}

export function completeSplits(
  rows: readonly WeighedRow[],
  shares: SplitShares,
  seed: number,
): CompletedSplits {
  const official = rows.map(({ split }) => split ?? "train");
  const open = rows.filter((_, index) => official[index] === "train");
  const missing = {
    dev: official.includes("dev") ? 0 : shares.dev,
    test: official.includes("test") ? 0 : shares.test,
  };
  const splitsMissing = Number(missing.dev > 0) + Number(missing.test > 0);
  if (splitsMissing === 0 || open.length <= splitsMissing) return { splits: official, warnings: [] };
  const reason = whyNotBySpeaker(rows, open, official, splitsMissing);
  const items = open.map(({ speaker, weight }) => ({ group: reason ? undefined : speaker, weight }));
  const assigned = assignSplits(items, missing, seed)[Symbol.iterator]();
  const splits = official.map((split) => (split === "train" ? assigned.next().value! : split));
  return { splits, warnings: reason ? [byUtterance(reason, missing)] : [] };
}

/** Undefined when whole speakers can be held out. */
function whyNotBySpeaker(
  rows: readonly CorpusRow[],
  open: readonly CorpusRow[],
  official: readonly string[],
  splitsMissing: number,
): string | undefined {
  const speakers = new Set(open.map(({ speaker }) => speaker));
  if (speakers.has("")) return "not every row says who speaks";
  if (speakers.size <= splitsMissing)
    return speakers.size === 1 ? "there is one speaker" : `there are ${speakers.size} speakers`;
  const heldOut = rows.filter((_, index) => official[index] !== "train");
  if (heldOut.some(({ speaker }) => speakers.has(speaker))) return "the official splits share their speakers";
  return undefined;
}

function byUtterance(reason: string, { dev, test }: SplitShares): Warning {
  const made = [dev > 0 ? "dev" : "", test > 0 ? "test" : ""].filter((name) => name !== "").join(" and ");
  const message =
    `The split ${made} was made of utterances, not of whole speakers: ${reason}. ` +
    "Error rates on it are lower than those for people never heard.";
  return { code: "SHARED_SPEAKERS", message };
}
