// Corpora that are cut into numbered files, train-00000-of-00002 and so on: which of them are not there.

import type { Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";

const SHARD = /^(.*-)(\d+)-of-(\d+)$/;

/** @param names of archives without their endings @returns at most one `MISSING_SHARDS` */
export function missingShards(names: readonly string[]): Warning[] {
  const wanted = new Set(names.flatMap(siblings));
  const missing = [...wanted].filter((name) => !names.includes(name));
  if (missing.length === 0) return [];
  const message = `Of a corpus in numbered files these are not there: ${inBrief(missing)}. What they hold is left out.`;
  return [{ code: "MISSING_SHARDS", message }];
}

/** More than a corpus is ever cut into. */
const MOST = 100_000;

/** The names of all that it is one of. */
function siblings(name: string): string[] {
  const [, stem, index, of] = SHARD.exec(name) ?? [];
  if (of === undefined || Number(of) > MOST) return [];
  return Array.from(
    { length: Number(of) },
    (_, n) => `${stem}${String(n).padStart(index.length, "0")}-of-${of}`,
  );
}
