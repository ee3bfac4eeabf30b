import type { Ranks } from "../../src/platform/index.ts";
export function checkRanks(ranks: Ranks): Promise<void>;
