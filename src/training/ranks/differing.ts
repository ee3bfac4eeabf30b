// The fault of ranks that should be alike and are not.

import { SharedFault } from "./together.ts";

/** @param what differs, as "the weights" */
export function differing(rank: number, size: number, what: string): SharedFault {
  return new SharedFault({
    code: "RANKS_DIFFER",
    where: `rank ${rank} of ${size}`,
    problem: `It does not agree with rank 0: ${what}.`,
    remedy:
      "Start every rank with the same version of Earshot, the same command and the same files; what callbacks of a program " +
      "decide has to be the same on all ranks.",
  });
}
