// Rooms by the image method: known answers are distances through the walls of a box, and the decay that was asked for.

import { describe, expect, it } from "vitest";
import { simulateRoom, type Room } from "../../src/audio/index.ts";

const office: Room = {
  size: [6, 4, 3],
  source: [1.5, 1, 1.2],
  microphone: [3.5, 2.5, 1.5],
  t60Ms: 400,
  seed: 1,
};
/** Sound takes so many samples for a metre. */
const TAPS_PER_METRE = 16_000 / 343;

/** Time in ms to a decay by 60 dB, of the backward integrated energy between −5 and −35 dB (ISO 3382). */
function decayMs(response: Float32Array): number {
  const left = new Float64Array(response.length + 1);
  for (let n = response.length - 1; n >= 0; n--) left[n] = left[n + 1] + response[n] ** 2;
  const fallsTo = (db: number) => left.findIndex((energy) => energy <= left[0] * 10 ** (db / 10));
  return (2 * (fallsTo(-35) - fallsTo(-5))) / 16;
}

describe("a simulated room", () => {
  it("begins with the direct sound, at its distance, as loud as one over it", () => {
    const { response, origin } = simulateRoom(office);
    const metres = Math.hypot(2, 1.5, 0.3);
    expect(origin).toBe(Math.round(metres * TAPS_PER_METRE));
    expect(response[origin]).toBeCloseTo(1 / metres, 6);
    expect(response.subarray(0, origin).every((tap) => tap === 0)).toBe(true);
  });

  it("then each wall's reflection, at the distance of the source behind it", () => {
    const { response, origin } = simulateRoom(office);
    const images = [
      [-1.5, 1, 1.2], [10.5, 1, 1.2], [1.5, -1, 1.2], [1.5, 7, 1.2], [1.5, 1, -1.2], [1.5, 1, 4.8],
    ]; // prettier-ignore
    const taps = images.map(([x, y, z]) =>
      Math.round(Math.hypot(x - 3.5, y - 2.5, z - 1.5) * TAPS_PER_METRE),
    );
    for (const tap of taps) expect(response[tap]).toBeGreaterThan(0);
    const [first] = taps.toSorted((a, b) => a - b);
    expect(response.subarray(origin + 1, first).every((tap) => tap === 0)).toBe(true);
  });

  it.each([200, 400, 800])("rings for the %i ms asked for, within 15 %", (t60Ms) => {
    for (const seed of [1, 2]) {
      const { response } = simulateRoom({ ...office, t60Ms, seed });
      expect(Math.abs(decayMs(response) / t60Ms - 1)).toBeLessThan(0.15);
    }
  });

  it("is the same at the same seed, and has another tail at another, after the same reflections", () => {
    const [first, again, other] = [1, 1, 2].map((seed) => simulateRoom({ ...office, seed }).response);
    expect(again).toEqual(first);
    expect(other.subarray(0, 900)).toEqual(first.subarray(0, 900));
    expect(other).not.toEqual(first);
  });
});
