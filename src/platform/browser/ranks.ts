// A page is one by itself.

import type { Ranks, RanksOptions, SharedRanks } from "../ranks.ts";
import { lacking } from "./lacking.ts";

const none = () => lacking("other machines", "Train on several with the command line: docs/cluster.md.");

export const isRank = (): boolean => false;

export const launchedRank = (): number => 0;

export const openRanks = (_options?: RanksOptions): Promise<Ranks> => Promise.reject(none());

export const joinRanks = (_shared: SharedRanks): Promise<Ranks> => Promise.reject(none());
