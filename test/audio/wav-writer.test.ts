import { describe, expect, it } from "vitest";
import { decodeAudio, encodeWav } from "../../src/audio/index.ts";
import { noise } from "./signal.ts";

describe("a WAV file", () => {
  it("is read again as it was written, to 16 bits", async () => {
    const samples = Float32Array.from(noise(1000), (value) => Math.round(20_000 * value) / 2 ** 15);
    const { samples: read, warnings } = await decodeAudio(encodeWav(samples, 16_000), "written.wav");
    expect(read).toEqual(samples);
    expect(warnings).toEqual([]);
  });

  it("clips what does not fit", async () => {
    const { samples } = await decodeAudio(encodeWav(Float32Array.of(2, -2, 0), 16_000), "loud.wav");
    expect([...samples]).toEqual([32_767 / 32_768, -1, 0]);
  });
});
