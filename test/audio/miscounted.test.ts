// Files whose headers and counts contradict the audio that is there: what was said must not vanish. Each is made here from
// an intact file, the way some recorder or encoder is known to write it.

import { describe, expect, it } from "vitest";
import { checksumTable } from "../../src/audio/formats/checksum.ts";
import { findFlacFrames } from "../../src/audio/formats/flac-frames.ts";
import { decodeAudio } from "../../src/audio/index.ts";
import { ascii, concatenate, fixture, pcm16, wavFile } from "./fixture.ts";
import { bestCorrelation, largestDifference, risingTone } from "./signal.ts";

const codesOf = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }): string[] =>
  warnings.map(({ code }) => code);

describe("FLAC frames that leave their sample size or rate to STREAMINFO (RFC 9639, 9.1)", () => {
  const CRC_8 = checksumTable(0x07, 8);
  const CRC_16 = checksumTable(0x8005, 16);

  /** Every frame changed, with both of its checksums made right. */
  function withFrames(file: Uint8Array, change: (frame: Uint8Array) => void): Uint8Array {
    const copy = file.slice();
    for (const frame of findFlacFrames(copy).frames) {
      const sizeBytes = [6, 7].indexOf(frame[2] >> 4) + 1;
      const checksumAt = 5 + sizeBytes; // the frame's number is one byte
      change(frame);
      frame[checksumAt] = frame.subarray(0, checksumAt).reduce((crc, byte) => CRC_8[crc ^ byte], 0);
      const end = frame.length - 2;
      const crc = frame
        .subarray(0, end)
        .reduce((sum, byte) => ((sum << 8) & 0xffff) ^ CRC_16[(sum >> 8) ^ byte], 0);
      frame.set([crc >> 8, crc & 0xff], end);
    }
    return copy;
  }

  it.each([
    ["the sample size", (frame: Uint8Array) => void (frame[3] &= 0xf1)],
    ["the rate", (frame: Uint8Array) => void (frame[2] &= 0xf0)],
    ["both", (frame: Uint8Array) => void ((frame[2] &= 0xf0), (frame[3] &= 0xf1))],
  ])("%s: the same samples", async (_, change) => {
    const intact = await decodeAudio(fixture("mono.flac"), "clip.flac");
    expect(await decodeAudio(withFrames(fixture("mono.flac"), change), "clip.flac")).toEqual(intact);
  });
});

describe("FLAC that changes midway", () => {
  const whole = ({ frames }: { readonly frames: readonly Uint8Array[] }) => concatenate(...frames);
  const [mono, stereo] = [fixture("mono.flac"), fixture("stereo-22050.flac")];

  it.each([
    ["16 kHz mono, then 22.05 kHz stereo", mono, stereo],
    ["22.05 kHz stereo, then 16 kHz mono", stereo, mono],
  ])("two files in one, %s: each part at its own rate", async (_, ...files) => {
    const [first, second] = await Promise.all(files.map((file) => decodeAudio(file, "clip.flac")));
    const joined = await decodeAudio(concatenate(...files), "clip.flac");
    expect(joined.samples.length).toBe(first.samples.length + second.samples.length);
    expect(largestDifference(first.samples, joined.samples)).toBeLessThan(1e-6);
    expect(largestDifference(second.samples, joined.samples.subarray(first.samples.length))).toBeLessThan(
      1e-6,
    );
    expect([joined.channels, codesOf(joined)]).toEqual([2, []]);
  });

  it("frames of another kind behind those that the header describes: each at its own rate", async () => {
    const joined = await decodeAudio(concatenate(mono, whole(findFlacFrames(stereo))), "clip.flac");
    const [first, second] = await Promise.all([mono, stereo].map((file) => decodeAudio(file, "clip.flac")));
    expect(joined.samples.length).toBe(first.samples.length + second.samples.length);
    expect(bestCorrelation(joined.samples, first.samples)).toBeGreaterThan(0.999);
    expect(bestCorrelation(joined.samples.subarray(first.samples.length), second.samples)).toBeGreaterThan(
      0.999,
    );
  });

  it("a second file that is cut says how much is missing", async () => {
    const found = await decodeAudio(concatenate(mono, mono.subarray(0, -50)), "clip.flac");
    expect(codesOf(found)).toEqual(["TRUNCATED_AUDIO"]);
  });

  it("a chain of a thousand and one parts is refused", async () => {
    const file = concatenate(...Array<Uint8Array>(1001).fill(mono.subarray(0, 42)).flatMap((head) => [head, findFlacFrames(mono).frames[0]])); // prettier-ignore
    await expect(decodeAudio(file, "clip.flac")).rejects.toThrow(
      "This FLAC file is a chain of 1001 streams; Earshot reads up to 1000.",
    );
  });
});

describe("a total in STREAMINFO that is too small", () => {
  const file = fixture("mono.flac");
  const { frames } = findFlacFrames(file);
  const thrice = (total: number) => {
    const joined = concatenate(file, ...frames, ...frames);
    new DataView(joined.buffer).setUint32(22, total);
    return joined;
  };

  it.each([1, 2400, 4800])("of %i: all of it is heard, and the warning says so", async (total) => {
    const found = await decodeAudio(thrice(total), "clip.flac");
    expect([found.samples.length, codesOf(found)]).toEqual([7200, ["MISCOUNTED_AUDIO"]]);
  });

  it.each([0, 7000, 7200])(
    "of %i: unknown, or within the last frame, or right: no warning",
    async (total) => {
      const found = await decodeAudio(thrice(total), "clip.flac");
      expect([found.samples.length, codesOf(found)]).toEqual([7200, []]);
    },
  );
});

describe("MP3", () => {
  it.each([
    ["plain.mp3", "tagged-stereo-44100.mp3"],
    ["tagged-stereo-44100.mp3", "plain.mp3"],
  ])("%s followed by %s: each part at its own rate", async (...names) => {
    const joined = await decodeAudio(concatenate(...names.map(fixture)), "clip.mp3");
    const parts = await Promise.all(names.map((name) => decodeAudio(fixture(name), name)));
    const [first, second] = parts.map(({ samples }) => samples);
    expect(Math.abs(joined.samples.length - first.length - second.length)).toBeLessThan(1500); // the encoders' delays
    expect(bestCorrelation(joined.samples, first)).toBeGreaterThan(0.99);
    expect(bestCorrelation(joined.samples.subarray(first.length - 800), second)).toBeGreaterThan(0.99);
    expect(codesOf(joined)).toEqual([]);
  });

  it.each([
    ["delay", 4095, 576],
    ["padding", 576, 4095],
    ["both", 4095, 4095],
  ])("an encoder's %s that no encoder has takes nothing away", async (_, delay, padding) => {
    const copy = fixture("tagged-stereo-44100.mp3").slice();
    const at = headerAt(copy) + 141;
    copy.set([delay >> 4, ((delay & 15) << 4) | (padding >> 8), padding & 255], at);
    const { samples } = await decodeAudio(copy, "clip.mp3");
    expect(bestCorrelation(samples, risingTone(16_000))).toBeGreaterThan(0.98);
  });

  const headerAt = (file: Uint8Array): number => {
    const text = Buffer.from(file).toString("latin1");
    return Math.max(text.indexOf("Info"), text.indexOf("Xing"));
  };

  it.each([
    [-1, []],
    [-4, ["MISCOUNTED_AUDIO"]],
  ])("a count that is wrong by %i frames", async (wrong, codes) => {
    const copy = fixture("tagged-stereo-44100.mp3").slice();
    const view = new DataView(copy.buffer);
    const at = headerAt(copy) + 8;
    view.setUint32(at, view.getUint32(at) + wrong);
    expect(codesOf(await decodeAudio(copy, "clip.mp3"))).toEqual(codes);
  });

  it("a file joined to one of its kind is not counted in the first one's header", async () => {
    const file = fixture("tagged-stereo-44100.mp3");
    expect(codesOf(await decodeAudio(concatenate(file, file), "clip.mp3"))).toEqual([]);
  });

  it("a count that includes the frame which it stands in is no damage", async () => {
    const file = fixture("tagged-stereo-44100.mp3");
    const copy = file.slice();
    const at = headerAt(copy);
    const view = new DataView(copy.buffer);
    view.setUint32(at + 8, view.getUint32(at + 8) + 1);
    expect(codesOf(await decodeAudio(copy, "clip.mp3"))).toEqual([]);
  });
});

describe("WAV chunks that are not where the header says", () => {
  const signal = risingTone(16_000, 0.5);
  const data = pcm16(signal);
  const file = wavFile(data);
  const list = concatenate(
    ascii("LIST"),
    Uint8Array.of(26, 0, 0, 0),
    ascii("INFOISFT\x0e\0\0\0Lavf59.27.100\0"),
  );

  it.each([
    ["an odd chunk without its padding byte", 15],
    ["an odd chunk with it", 16],
  ])("%s", async (_, bytes) => {
    const odd = concatenate(ascii("junk"), Uint8Array.of(15, 0, 0, 0), new Uint8Array(bytes).fill(7));
    const shifted = concatenate(file.subarray(0, 36), odd, file.subarray(36));
    expect((await decodeAudio(shifted, "clip.wav")).samples).toEqual(
      (await decodeAudio(file, "clip.wav")).samples,
    );
  });

  it.each([0xffff_ffff, 0])(
    "a size of %d from a pipe, with a LIST chunk at the end, ends before it",
    async (dataBytes) => {
      const piped = concatenate(wavFile(data, { dataBytes }), list);
      const { samples, warnings } = await decodeAudio(piped, "clip.wav");
      expect(samples).toEqual((await decodeAudio(file, "clip.wav")).samples);
      expect(warnings).toEqual([]);
    },
  );

  it("a size that was never brought up to date: all samples, and a warning", async () => {
    const stale = wavFile(data, { dataBytes: 4000 });
    const found = await decodeAudio(stale, "clip.wav");
    expect(found.samples).toEqual((await decodeAudio(file, "clip.wav")).samples);
    expect(codesOf(found)).toEqual(["MISCOUNTED_AUDIO"]);
  });

  it("chunks behind the data are no audio", async () => {
    const large = concatenate(ascii("junk"), Uint8Array.of(0, 0x20, 0, 0), new Uint8Array(0x2000).fill(77));
    expect((await decodeAudio(concatenate(file, large), "clip.wav")).samples.length).toBe(signal.length);
  });
});
