// How AN4 is trained, for all recipes that need its models: a cycle of the recordings as they are, then a shorter and gentler
// one from what that gave, in the world. The second may bring something else instead, such as noise.

import { train } from "../earshot.mjs";

export const CONFIG = "recipes/an4/config.yaml";
const SECOND_CYCLE = ["epochs=50", "schedule.peak=0.001", "schedule.rise=0.15"];
export const WORLD = [
  "data.augmentation.preset=real-world",
  "data.augmentation.ramp=0.1",
  "data.augmentation.wordless.probability=0", // as measured; what noise alone does for rejection is in recipes/rejection
];

export const modelFolder = (seed) => `runs/an4-seed${seed}-second`;

/** @returns the last event of the run, `done` */
export const trainFirstCycle = (manifest, seed) =>
  train(manifest, CONFIG, `runs/an4-seed${seed}-first`, `seed=${seed}`);

/**
 * @param brought what the second cycle changes in its configuration beside its schedule
 * @param before the last event of the run that the second cycle goes on from, in place of the first cycle's
 * @returns the last event of the second run, `done`, with the seconds of both
 */
export async function trainAn4(
  manifest,
  seed,
  { config = CONFIG, out = modelFolder(seed), brought = WORLD, before } = {},
) {
  const first = before ?? (await trainFirstCycle(manifest, seed));
  const again = [`seed=${seed}`, `initialModel=${first.modelPath}`, ...SECOND_CYCLE, ...brought];
  const second = await train(manifest, config, out, ...again);
  return { ...second, seconds: first.seconds + second.seconds, first };
}
