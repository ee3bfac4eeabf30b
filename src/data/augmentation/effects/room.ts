// A room made for the occasion: its size, how long it rings, where in it someone speaks and where the microphone stands.
// Rooms that were recorded are in reverberation.ts.

import { reverberate, simulateRoom, type Room } from "../../../audio/index.ts";
import type { RandomStream } from "../../../random.ts";
import { z } from "../../../settings.ts";
import { probability, range, uniformIn, type Effect } from "./effect.ts";

export const roomSettings = z.strictObject({
  probability: probability(0),
  t60Ms: range(100, 3000)
    .default([150, 800])
    .describe("Time in which its sound decays by 60 dB, in ms, uniform in this range"),
  distanceM: range(0.2, 10)
    .default([0.3, 4])
    .describe(
      "From the mouth to the microphone, in metres, uniform in this range, as far as the room reaches",
    ),
});

/** Nobody stands nearer to a wall, in metres. */
const WALL_M = 0.3;
const SIZES_M = [
  [2.5, 10],
  [2.5, 8],
  [2.3, 4],
] as const;

export const room: Effect<z.output<typeof roomSettings>, Room> = {
  choose({ probability: often, t60Ms, distanceM }, random) {
    if (random.uniform() >= often) return undefined;
    const size = each((axis) => uniformIn(SIZES_M[axis], random));
    const source = each((axis) => uniformIn([WALL_M, size[axis] - WALL_M], random));
    const microphone = placeAt(uniformIn(distanceM, random), source, size, random);
    return { size, source, microphone, t60Ms: uniformIn(t60Ms, random), seed: random.bits() };
  },
  describe({ size, source, microphone, t60Ms }) {
    const metres = Math.hypot(...each((axis) => microphone[axis] - source[axis]));
    const walls = size.map((side) => side.toFixed(1)).join(" × ");
    return { "made room": `${walls} m, ${t60Ms.toFixed(0)} ms, from ${metres.toFixed(1)} m` };
  },
  apply(samples, choice) {
    const { response, origin } = simulateRoom(choice);
    return reverberate(samples, response, origin);
  },
};

type Place = Room["size"];

const each = (of: (axis: number) => number): Place => [of(0), of(1), of(2)];

/** A place so far away in a random direction, moved into the room where it lies outside. */
function placeAt(metres: number, from: Place, size: Place, random: RandomStream): Place {
  const direction = each(() => random.normal());
  const length = Math.hypot(...direction);
  return each((axis) => {
    const wanted = from[axis] + (metres * direction[axis]) / length;
    return Math.min(Math.max(wanted, WALL_M), size[axis] - WALL_M);
  });
}
