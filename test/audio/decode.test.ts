// Recordings of every format against the signal they were made from, and every fault with its text.

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeAudio, encodeWav } from "../../src/audio/index.ts";
import { checkLength } from "../../src/audio/formats/source-audio.ts";
import { ascii, concatenate, faultOf, fixture, pcm16, wavFile } from "./fixture.ts";
import { bestCorrelation, largestDifference, level, risingTone } from "./signal.ts";

const signal = risingTone(16_000);

async function warningsOf(bytes: Uint8Array): Promise<string[]> {
  return (await decodeAudio(bytes, "clip.wav")).warnings.map((warning) => warning.code);
}

describe("decodeAudio", () => {
  it.each([
    ["pcm8.wav", 1 / 128],
    ["pcm16.wav", 1 / 32_768],
    ["pcm24.wav", 1 / 32_768],
    ["float32.wav", 1 / 32_768],
    ["rf64.wav", 1 / 32_768],
    ["wave64.w64", 1 / 32_768],
    ["mono.flac", 1 / 32_768],
  ])("%s gives the samples it was made from", async (name, step) => {
    const { samples, warnings, sourceRateHz, channels } = await decodeAudio(fixture(name), name);
    expect([samples.length, sourceRateHz, channels, warnings]).toEqual([2400, 16_000, 1, []]);
    expect(largestDifference(samples, signal)).toBeLessThanOrEqual(step);
  });

  it("mixes channels down by their mean and resamples (FLAC, 22.05 kHz)", async () => {
    const decoded = await decodeAudio(fixture("stereo-22050.flac"), "clip.flac");
    expect([decoded.samples.length, decoded.sourceRateHz, decoded.channels]).toEqual([2400, 22_050, 2]);
    const clean = risingTone(22_050);
    expect(level(decoded.samples)).toBeCloseTo(level(clean), 2);
  });

  it.each(["plain.mp3", "tagged-stereo-44100.mp3"])(
    "%s holds the same signal, delayed by its coder",
    async (name) => {
      const { samples, warnings } = await decodeAudio(fixture(name), name);
      expect(warnings).toEqual([]);
      expect(bestCorrelation(samples, signal)).toBeGreaterThan(0.98);
    },
  );

  it("takes the content, never the name, and a view into a larger buffer", async () => {
    const inside = concatenate(new Uint8Array(3), fixture("mono.flac"), new Uint8Array(3)).subarray(3, -3);
    expect(largestDifference((await decodeAudio(inside, "clip.mp3")).samples, signal)).toBeLessThan(1e-4);
  });

  it("steps over ID3 tags in front of MP3 and FLAC, and behind", async () => {
    const tag = concatenate(ascii("ID3\x04\x00\x00\x00\x00\x01\x00"), new Uint8Array(128).fill(0xff));
    const trailer = concatenate(ascii("TAG"), new Uint8Array(125));
    for (const name of ["mono.flac", "plain.mp3"]) {
      const plain = await decodeAudio(fixture(name), name);
      expect(await decodeAudio(concatenate(tag, tag, fixture(name), trailer), name)).toEqual(plain);
    }
  });

  it("many decodings at once do not disturb one another", async () => {
    const names = ["plain.mp3", "mono.flac", "stereo-22050.flac", "plain.mp3", "mono.flac"];
    const together = await Promise.all(names.map((name) => decodeAudio(fixture(name), name)));
    for (const [i, name] of names.entries())
      expect(together[i]).toEqual(await decodeAudio(fixture(name), name));
  });
});

describe("faults", () => {
  beforeAll(() => vi.stubEnv("PATH", "/nowhere")); // as where ffmpeg is not installed
  afterAll(() => vi.unstubAllEnvs());

  it("EMPTY_AUDIO: no bytes, or a header without samples", async () => {
    const nothing = await faultOf(new Uint8Array(0));
    expect(nothing.code).toBe("EMPTY_AUDIO");
    expect(nothing.message).toBe(
      "clip.wav: The recording has no bytes. Record or copy it again, or take it out of the list.",
    );
    const header = await faultOf(wavFile(new Uint8Array(0)));
    expect(header.code).toBe("EMPTY_AUDIO");
    expect(header.problem).toBe("The recording has a header but no samples.");
  });

  it("UNKNOWN_AUDIO_FORMAT names what it recognizes, and shows the first bytes", async () => {
    const fault = await faultOf(ascii("#!AMR and so on"));
    expect(fault.code).toBe("UNKNOWN_AUDIO_FORMAT");
    expect(fault.message).toBe(
      "clip.wav: The recording is not WAV, FLAC, MP3, Ogg or NIST SPHERE; it looks like an AMR file: " +
        'it begins with the bytes 23 21 41 4d 52 20 61 6e 64 20 73 6f ("#!AMR and so"). ' +
        "Install ffmpeg (on the PATH) and Earshot reads it; or convert it elsewhere to WAV or FLAC.",
    );
    const other = await faultOf(ascii("hello"));
    expect(other.problem).toBe(
      'The recording is not WAV, FLAC, MP3, Ogg or NIST SPHERE; it begins with the bytes 68 65 6c 6c 6f ("hello").',
    );
    expect(other.remedy).toBe("If it is a recording, convert it to WAV or FLAC; if not, leave it out.");
  });

  it.each([
    ["\0\0\0\x20ftypM4A ", "M4A", "ffmpeg"],
    ["version https://git-lfs.github.com/spec/v1", "Git LFS pointer", "git lfs pull"],
    ["<!DOCTYPE html>", "web page", "Download the recording itself"],
    ["PK\x03\x04", "ZIP", "Unpack it"],
    [
      "NIST_1A\n    80\nsample_coding -s26 pcm,embedded-shorten-v2.00\nend_head\n".padEnd(80),
      "packed",
      "ffmpeg",
    ],
    ["\xff\xf1\x50\x80", "AAC", "ffmpeg"],
    ["ID3\x04\0\0\0\0\0\0\xff\xf1\x50\x80", "AAC", "ffmpeg"],
    ["FORM\0\0\0\0AIFF", "AIFF", "ffmpeg"],
    ["RIFX\0\0\0\0WAVE", "big-endian WAV", "Convert it to WAV or FLAC."],
  ])("%j is told apart and has its own way out", async (text, name, remedy) => {
    const fault = await faultOf(ascii(text));
    expect(fault.problem).toContain(name);
    expect(fault.remedy).toContain(remedy);
  });

  it("DAMAGED_AUDIO: a header and then rubbish", async () => {
    const rubbish = Uint8Array.from({ length: 3000 }, (_, n) => (n * 7919) % 251);
    const fault = await faultOf(concatenate(fixture("mono.flac").subarray(0, 60), rubbish));
    expect(fault.code).toBe("DAMAGED_AUDIO");
    expect(fault.problem).toBe(
      "The recording is damaged: its header promises audio, but none of it can be decoded.",
    );
  });
});

describe("LONG_AUDIO", () => {
  it("bounds what a few crafted kilobytes can unfold to", () => {
    expect(() => checkLength(2 ** 29, "clip.flac")).not.toThrow();
    expect(() => checkLength(2 ** 29 + 1, "clip.flac")).toThrow(
      "clip.flac: The recording holds more than 536870912 samples (3.1 hours at 48 kHz). " +
        "Cut it into hours, for example: ffmpeg -i in.flac -f segment -segment_time 3600 out%03d.flac",
    );
  });
});

describe("warnings", () => {
  it.each(["pcm16.wav", "mono.flac", "tagged-stereo-44100.mp3"])(
    "TRUNCATED_AUDIO: %s cut in half gives its first half",
    async (name) => {
      const bytes = fixture(name);
      const whole = await decodeAudio(bytes, name);
      const half = await decodeAudio(bytes.subarray(0, bytes.length / 2), name);
      expect(half.warnings.map((warning) => warning.code)).toEqual(["TRUNCATED_AUDIO"]);
      const kept = half.samples.length;
      expect(kept).toBeGreaterThan(400);
      expect(kept).toBeLessThan(2400);
      // 300: the resampler's filter looks ahead, so the cut shows a little earlier
      expect(largestDifference(half.samples.subarray(0, kept - 300), whole.samples)).toBeLessThan(1e-3);
    },
  );

  it("TRUNCATED_AUDIO says how much there is", async () => {
    const { warnings } = await decodeAudio(fixture("pcm16.wav").subarray(0, 44 + 2 * 1600), "clip.wav");
    expect(warnings).toEqual([
      {
        code: "TRUNCATED_AUDIO",
        message: "The recording is cut or damaged: 0.10 s of 0.15 s could be decoded.",
      },
    ]);
  });

  it("one damaged FLAC frame costs only itself", async () => {
    const bytes = fixture("mono.flac");
    bytes[1500] ^= 0x10;
    const { samples, warnings } = await decodeAudio(bytes, "clip.flac");
    expect([samples.length, warnings.map((warning) => warning.code)]).toEqual([
      2400 - 576,
      ["TRUNCATED_AUDIO"],
    ]);
  });

  it("SILENT_AUDIO: nothing but zeros is text without words, not an error", async () => {
    const { warnings } = await decodeAudio(wavFile(new Uint8Array(6400)), "clip.wav");
    expect(warnings).toEqual([
      { code: "SILENT_AUDIO", message: "The recording is silent: all its samples are zero." },
    ]);
  });

  it.each([
    ["a hum of one step", (n: number) => n & 1, "differ by at most 1/32768 of full scale"],
    [
      "dither of a step to either side",
      (n: number) => (n % 3) - 1,
      "differ by at most 1/16384 of full scale",
    ],
    ["a constant", () => 300, "are 0.0092 of full scale"],
    ["a large constant", () => 16_384, "are 0.50 of full scale"],
  ])("SILENT_AUDIO: %s, and the message says what is there", async (_, value, said) => {
    for (const rateHz of [16_000, 44_100]) {
      const samples = Float32Array.from({ length: rateHz }, (_, n) => value(n) / 32_768);
      const audio = await decodeAudio(encodeWav(samples, rateHz), "hum.wav");
      expect(audio.warnings).toEqual([
        { code: "SILENT_AUDIO", message: expect.stringContaining(said) as string },
      ]);
      expect(audio.samples.every((sample) => sample === 0)).toBe(true);
    }
  });

  it("is not said of the softest tone: five steps of 16 bits", async () => {
    const tone = Float32Array.from(
      { length: 16_000 },
      (_, n) => Math.round(2.4 * Math.sin(n / 5) + 0.4) / 32_768,
    );
    expect(await warningsOf(encodeWav(tone, 16_000))).toEqual([]);
  });

  it("SHORT_AUDIO: a click", async () => {
    const { warnings } = await decodeAudio(wavFile(pcm16(signal.subarray(100, 200))), "clip.wav");
    expect(warnings).toEqual([
      { code: "SHORT_AUDIO", message: "The recording lasts 6.3 ms: too short for speech." },
    ]);
  });

  it("OVERLOADED_AUDIO: float files on the scale of integers are scaled down", async () => {
    const floats = Float32Array.from(signal, (value) => value * 32_768);
    const file = wavFile(new Uint8Array(floats.buffer), { coding: 3, bits: 32 });
    expect(await warningsOf(file)).toEqual(["OVERLOADED_AUDIO"]);
    const { samples } = await decodeAudio(file, "clip.wav");
    expect(Math.max(...samples)).toBeCloseTo(1, 2);
  });

  it("numbers that are none (NaN, infinity) become zero", async () => {
    const floats = Float32Array.from(signal, (value, n) =>
      n % 7 === 0 ? NaN : n % 11 === 0 ? Infinity : value,
    );
    const { samples } = await decodeAudio(
      wavFile(new Uint8Array(floats.buffer), { coding: 3, bits: 32 }),
      "x",
    );
    expect([samples[0], samples[11], samples[1]]).toEqual([0, 0, signal[1]]);
  });
});
