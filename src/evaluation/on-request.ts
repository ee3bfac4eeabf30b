// What few that train ask for is loaded when it is asked for, so that a page that trains starts with less.

import type { calibrateRejection as calibrate } from "./rejection/calibrate.ts";
import type { stressTest as test } from "./stress/stress-test.ts";
import type { tune as find } from "./tune.ts";

export const calibrateRejection: typeof calibrate = async (...parameters) =>
  (await import("./rejection/calibrate.ts")).calibrateRejection(...parameters);

export const stressTest: typeof test = async (...parameters) =>
  (await import("./stress/stress-test.ts")).stressTest(...parameters);

export const tune: typeof find = async (...parameters) => (await import("./tune.ts")).tune(...parameters);
