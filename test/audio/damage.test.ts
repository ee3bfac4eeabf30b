// Seeded damage to every fixture: whatever the bytes, the outcome is samples in range or an EarshotError, and the
// decoders print nothing of their own.

import { describe, expect, it, vi } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { decodeAudio } from "../../src/audio/index.ts";
import { fixture, FIXTURES } from "./fixture.ts";
import { noise } from "./signal.ts";

const MUTATIONS = 20;

function damaged(original: Uint8Array, seed: number): Uint8Array {
  const random = [...noise(40, seed)].map((value) => (value + 1) / 2);
  const bytes = original.slice();
  const flips = Math.floor(random[0] * 12);
  const reach = random[1] < 0.5 ? 64 : bytes.length; // half of them in the headers
  for (let i = 0; i < flips; i++) {
    bytes[Math.floor(random[3 + i] * reach)] ^= 1 << Math.floor(random[20 + i] * 8);
  }
  return random[1] < 0.3 || flips === 0 ? bytes.subarray(0, Math.floor(random[2] * bytes.length)) : bytes;
}

async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const { samples } = await decodeAudio(bytes, "clip");
    return samples.every((sample) => Math.abs(sample) <= 1) ? "decoded" : "out of range";
  } catch (error) {
    return error instanceof EarshotError ? "named error" : String(error);
  }
}

describe("damaged recordings", () => {
  it.each(FIXTURES)(`%s, damaged in ${MUTATIONS} ways, decodes or gives a named error`, async (name) => {
    const printed = vi.spyOn(console, "error");
    const original = fixture(name);
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      expect(["decoded", "named error"]).toContain(await outcome(damaged(original, seed)));
    }
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });
});
