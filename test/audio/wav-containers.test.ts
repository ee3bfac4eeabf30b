// WAV samples in more bytes than they need: at which end of them they lie is nowhere said.

import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { wavFile } from "./fixture.ts";
import { largestDifference, risingTone } from "./signal.ts";

describe("WAV samples in more bytes than they need", () => {
  const signal = risingTone(16_000);

  /** Integers of `bits`, shifted up by `shift`, in `bytes` each. */
  function integers(bits: number, bytes: number, shift: number, values = signal): Uint8Array {
    const data = new Uint8Array(values.length * bytes);
    for (const [n, sample] of values.entries()) {
      let value = BigInt(Math.round(sample * (2 ** (bits - 1) - 1))) << BigInt(shift);
      for (let i = 0; i < bytes; i++, value >>= 8n) data[n * bytes + i] = Number(value & 0xffn);
    }
    return data;
  }

  it.each([
    ["24 bits in the lower end of 4 bytes (arecord -f S24_LE)", 24, 4, 0],
    ["24 bits in the upper end of 4 bytes", 24, 4, 8],
    ["20 bits in the lower end of 3 bytes", 20, 3, 0],
    ["20 bits in the upper end of 3 bytes", 20, 3, 4],
    ["20 bits in the lower end of 4 bytes", 20, 4, 0],
    ["20 bits in the upper end of 4 bytes", 20, 4, 12],
    ["12 bits in the lower end of 2 bytes", 12, 2, 0],
    ["12 bits in the upper end of 2 bytes", 12, 2, 4],
  ])("%s", async (_, bits, bytes, shift) => {
    const file = wavFile(integers(bits, bytes, shift), { bits, blockBytes: bytes });
    const { samples, warnings } = await decodeAudio(file, "clip.wav");
    expect(samples.length).toBe(signal.length);
    expect(largestDifference(samples, signal)).toBeLessThan(2 ** (2 - bits));
    expect(warnings).toEqual([]);
  });

  /** As 16-bit recordings become samples of more bits: the lowest are zeros. */
  it.each([
    ["24 bits in the lower end of 4 bytes", 24, 4, 8],
    ["20 bits in the lower end of 4 bytes", 20, 4, 4],
    ["24 bits in the upper end of 4 bytes", 24, 4, 16],
    ["20 bits in the upper end of 3 bytes", 20, 3, 8],
    ["20 bits in the lower end of 3 bytes, softly", 20, 3, 4],
  ])("made of 16-bit samples: %s", async (name, bits, bytes, shift) => {
    const factor = name.endsWith("softly") ? 1 / 16 : 1;
    const soft = signal.map((sample) => sample * factor);
    const file = wavFile(integers(16, bytes, shift, soft), { bits, blockBytes: bytes });
    const { samples } = await decodeAudio(file, "clip.wav");
    expect(largestDifference(samples, soft)).toBeLessThan(2 ** -13);
  });

  it("a soft recording of 20 bits in the upper end of 3 bytes stays soft", async () => {
    const soft = signal.map((sample) => sample / 20);
    const file = wavFile(integers(20, 3, 4, soft), { bits: 20, blockBytes: 3 });
    expect(largestDifference((await decodeAudio(file, "clip.wav")).samples, soft)).toBeLessThan(1e-5);
  });

  it.each([
    ["of 24 bits", 24, 0],
    ["of 24 bits made of 16", 16, 8],
  ])("samples %s in 4 bytes, the fourth always 0", async (_, bits, shift) => {
    const data = integers(bits, 4, shift).map((byte, at) => (at % 4 === 3 ? 0 : byte));
    const { samples, warnings } = await decodeAudio(wavFile(data, { bits: 24, blockBytes: 4 }), "clip.wav");
    expect(largestDifference(samples, signal)).toBeLessThan(2 ** -13);
    expect(warnings).toEqual([]);
  });

  it("a block size that is merely wrong is not believed", async () => {
    const right = await decodeAudio(wavFile(integers(24, 3, 0), { bits: 24 }), "clip.wav");
    expect(await decodeAudio(wavFile(integers(24, 3, 0), { bits: 24, blockBytes: 4 }), "clip.wav")).toEqual(
      right,
    );
  });
});
