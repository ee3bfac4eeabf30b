// Which utterances every rank can read: machines may hold copies of a corpus, and one of them a damaged file.

import type { Utterance } from "../../data/index.ts";
import type { Warning } from "../../errors.ts";
import { sha256 } from "../../platform/index.ts";
import type { RunData } from "../run/corpora.ts";

/** What a rank found. */
export interface SeenUtterances {
  /** Of both splits, with their statistics. */
  readonly hash: string;
  /** Where each of the utterances stands in its manifest. */
  readonly places: readonly string[];
}

export function seenOf({ train, dev }: RunData): SeenUtterances {
  const statistics = JSON.stringify(train.statistics && Object.values(train.statistics).map(String));
  const hash = sha256()
    .update(train.hash)
    .update(dev?.hash ?? "")
    .update(statistics ?? "")
    .digest();
  const utterances = [...train.utterances, ...(dev?.utterances ?? [])];
  return { hash, places: utterances.map(({ where }) => where) };
}

const MOST_NAMED = 3;

export function compareUtterances(seen: readonly SeenUtterances[]): {
  readonly warnings: readonly Warning[];
  readonly isKnownToAll: (utterance: Utterance) => boolean;
} {
  const all = new Set(seen.flatMap(({ places }) => places));
  const missing = seen.map(({ places }) => {
    const known = new Set(places);
    return [...all].filter((place) => !known.has(place));
  });
  const warnings = missing.flatMap((places, rank) =>
    places.length > 0 ? [{ code: "NOT_ON_ALL_RANKS", message: messageOf(rank, places) }] : [],
  );
  const lacking = new Set(missing.flat());
  return { warnings, isKnownToAll: ({ where }) => !lacking.has(where) };
}

function messageOf(rank: number, places: readonly string[]): string {
  const named = places.slice(0, MOST_NAMED).join(", ");
  const more = places.length > MOST_NAMED ? " …" : "";
  return `rank ${rank} cannot learn from ${places.length} utterances that others can (${named}${more}): all ranks do without them.`;
}
