// How AN4 is trained, for all recipes that need its models: the schedule once from nothing, then shorter and gentler from what
// that gave, in the world both times. The second time may bring something new, such as noise.

import { train } from "../earshot.mjs";

export const CONFIG = "recipes/an4/config.yaml";
const SECOND_CYCLE = ["epochs=50", "schedule.peak=0.0005", "schedule.rise=0.1", "data.augmentation.ramp=0.1"];

export const modelFolder = (seed) => `runs/an4-seed${seed}-second`;

/** @returns the last event of the second run, `done`, with the seconds of both */
export async function trainAn4(manifest, seed, { config = CONFIG, out = modelFolder(seed) } = {}) {
  const first = await train(manifest, CONFIG, `runs/an4-seed${seed}-first`, `seed=${seed}`);
  const again = [`seed=${seed}`, `initialModel=${first.modelPath}`, ...SECOND_CYCLE];
  const second = await train(manifest, config, out, ...again);
  return { ...second, seconds: first.seconds + second.seconds, first: first.metrics };
}
