// What few that train ask for is loaded when it is asked for, so that a page that trains starts with less.

import type { calibrate } from "./rejection/calibrate.ts";
import type { testUnderStress } from "./stress/stress-test.ts";
import type { tuneWeights } from "./tune.ts";

export const calibrateRejection: typeof calibrate = async (...parameters) =>
  (await import("./rejection/calibrate.ts")).calibrate(...parameters);

export const stressTest: typeof testUnderStress = async (...parameters) =>
  (await import("./stress/stress-test.ts")).testUnderStress(...parameters);

export const tune: typeof tuneWeights = async (...parameters) =>
  (await import("./tune.ts")).tuneWeights(...parameters);
