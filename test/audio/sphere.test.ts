// NIST SPHERE: headers as sox 14.4.2 and the corpora write them, samples computed here.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { readSphere } from "../../src/audio/formats/sphere.ts";
import { MU_LAW } from "../../src/audio/formats/companding.ts";

/** A header of 1024 bytes and what follows it. */
function sphereFile(lines: readonly string[], data: Uint8Array): Uint8Array {
  const header = `NIST_1A\n   1024\n${lines.join("\n")}\nend_head\n`.padEnd(1024, "\0");
  return Buffer.concat([Buffer.from(header, "latin1"), data]);
}

const samples = Int16Array.from({ length: 400 }, (_, n) => Math.round(12_000 * Math.sin(n / 9)));
const little = new Uint8Array(samples.buffer);
const big = new Uint8Array(little.length);
for (let at = 0; at < big.length; at++) big[at] = little[at ^ 1];

const COMMON = ["channel_count -i 1", "sample_rate -i 16000"];
const expected = Float32Array.from(samples, (sample) => sample / 2 ** 15);

describe("a NIST SPHERE file", () => {
  it.each([
    ["01", little],
    ["10", big],
  ])("of 16 bits in the byte order %s", (order, data) => {
    const lines = [
      ...COMMON,
      "sample_count -i 400",
      "sample_n_bytes -i 2",
      `sample_byte_format -s2 ${order}`,
    ];
    const source = readSphere(sphereFile(lines, data), "a.sph");
    expect(source).toMatchObject({ channels: 1, rateHz: 16_000, missingSamples: 0 });
    expect(source.mono).toEqual(expected);
  });

  it("of two channels of µ-law is mixed to their mean", () => {
    const lines = [
      "channel_count -i 2",
      "sample_rate -i 8000",
      "sample_n_bytes -i 1",
      "sample_coding -s4 ulaw",
      "channels_interleaved -s4 TRUE",
    ];
    const codes = Uint8Array.from([0x00, 0x80, 0xff, 0x12]);
    const { mono, rateHz } = readSphere(sphereFile(lines, codes), "a.sph");
    expect(rateHz).toBe(8000);
    expect(mono).toEqual(
      Float32Array.from([(MU_LAW[0] + MU_LAW[0x80]) / 2, (MU_LAW[0xff] + MU_LAW[0x12]) / 2]),
    );
  });

  it("that is cut gives what it has, and says so", async () => {
    const lines = [...COMMON, "sample_count -i 1600", "sample_n_bytes -i 2", "sample_byte_format -s2 01"];
    const { samples: decoded, warnings } = await decodeAudio(sphereFile(lines, little), "a.sph");
    expect(decoded).toHaveLength(400);
    expect(warnings.map(({ code }) => code)).toContain("TRUNCATED_AUDIO");
  });

  it("without a readable header is damaged", async () => {
    const bytes = new TextEncoder().encode("NIST_1A\n   1024\nsample_rate -i 16000\n");
    await expect(decodeAudio(bytes, "a.sph")).rejects.toMatchObject({ code: "DAMAGED_AUDIO" });
  });
});

describe("packed samples, without ffmpeg", () => {
  beforeAll(() => vi.stubEnv("PATH", "/nowhere"));
  afterAll(() => vi.unstubAllEnvs());

  it("are a fault that says what to install", async () => {
    const lines = [...COMMON, "sample_n_bytes -i 2", "sample_coding -s26 pcm,embedded-shorten-v2.00"];
    await expect(decodeAudio(sphereFile(lines, little), "a.sph")).rejects.toMatchObject({
      code: "UNKNOWN_AUDIO_FORMAT",
      problem: expect.stringContaining("it looks like a NIST SPHERE file of packed samples"),
      remedy: expect.stringContaining("Install ffmpeg"),
    });
  });
});
