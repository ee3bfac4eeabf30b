// WAV files with any header, true or lying: codings, containers, sizes that nobody knew. Made here byte by byte; files
// that other programs made are read in decode.test.ts.

import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { readWav } from "../../src/audio/formats/wav.ts";
import { ascii, concatenate, faultOf, fixture, pcm16, wavFile } from "./fixture.ts";
import { largestDifference, risingTone } from "./signal.ts";

const signal = risingTone(16_000);
const data = pcm16(signal);

/** Samples × 2¹⁵, and what is missing. */
function read(bytes: Uint8Array): { samples: number[]; missing: number } {
  const { mono, missingSamples } = readWav(bytes, "clip.wav");
  return { samples: Array.from(mono ?? [], (sample) => sample * 2 ** 15), missing: missingSamples };
}

describe("codings", () => {
  it("reads 32-bit integers and 64-bit floats", async () => {
    const integers = new Uint8Array(Int32Array.from(signal, (value) => value * 2 ** 31).buffer);
    const floats = new Uint8Array(Float64Array.from(signal).buffer);
    for (const file of [wavFile(integers, { bits: 32 }), wavFile(floats, { bits: 64, coding: 3 })]) {
      expect(largestDifference((await decodeAudio(file, "clip.wav")).samples, signal)).toBeLessThan(1e-6);
    }
  });

  // ffmpeg 5.1.9 decoding the bytes 0 to 255: values at some codes, and Σ code × value over all
  it.each([
    ["µ-law", 7, [-32124, -31100, -15996, 0, 32124, 1372, 0], 98_107_392],
    ["A-law", 6, [-5504, -5248, -2752, -848, 5504, 472, 848], 100_139_008],
  ])("%s gives the values of G.711", (_, coding, some, checksum) => {
    const { samples } = read(wavFile(Uint8Array.from({ length: 256 }, (_, code) => code), { coding, bits: 8 })); // prettier-ignore
    expect([0, 1, 16, 127, 128, 200, 255].map((code) => samples[code] + 0)).toEqual(some);
    expect(samples.reduce((sum, value, code) => sum + code * value, 0)).toBe(checksum);
  });

  it("finds the coding of an extensible header in its GUID", () => {
    const format = concatenate(wavFile(data).subarray(20, 36), ascii("\x16\0\x10\0\x04\0\0\0\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71")); // prettier-ignore
    format.set([0xfe, 0xff]);
    const file = concatenate(ascii("RIFF\xff\xff\xff\xffWAVEfmt \x28\0\0\0"), format, chunk("data", data));
    expect(read(file)).toEqual(read(wavFile(data)));
  });

  it("UNKNOWN_AUDIO_FORMAT for any other", async () => {
    const fault = await faultOf(wavFile(data, { coding: 2, bits: 4 }));
    expect(fault.code).toBe("UNKNOWN_AUDIO_FORMAT");
    expect(fault.problem).toBe(
      "This WAV file holds 4-bit samples of coding 2; Earshot reads PCM (1) of 8 to 32 bits, float (3) of 32 or 64 bits, A-law (6) and µ-law (7).",
    );
  });
});

describe("a header that lies", () => {
  it.each([
    ["a data size of 0", { dataBytes: 0 }],
    ["a data size of 0xffffffff", { dataBytes: 0xffff_ffff, riffBytes: 0xffff_ffff }],
    ["a data size of 0x7fffffff less its header", { dataBytes: 0x7fff_ffdb, riffBytes: 0x7fff_ffff }],
    ["a RIFF size of 0", { riffBytes: 0 }],
    ["a block size of 0", { blockBytes: 0 }],
  ])("%s does not matter", async (_, header) => {
    const { samples, warnings } = await decodeAudio(wavFile(data, header), "clip.wav");
    expect([samples.length, warnings]).toEqual([2400, []]);
  });

  it.each([0, 1, 999, 0xffff_ffff])("a rate of %i Hz is damage", async (rateHz) => {
    const fault = await faultOf(wavFile(data, { rateHz }));
    expect(fault.code).toBe("DAMAGED_AUDIO");
    expect(fault.message).toBe(
      `clip.wav: The recording is damaged: its header states a sample rate of ${rateHz} Hz. ` +
        "Fetch or record it again; a media player shows whether anything is left in it.",
    );
  });

  it("no channels is damage; more channels than bytes as well", async () => {
    expect((await faultOf(wavFile(data, { channels: 0 }))).code).toBe("DAMAGED_AUDIO");
    expect((await faultOf(wavFile(data, { channels: 65_535 }))).code).toBe("DAMAGED_AUDIO");
  });
});

describe("chunks", () => {
  const tags = chunk("LIST", ascii("INFOISFT\x06\0\0\0Lavf59"));

  it("an empty data chunk in front of others is empty, not of unknown length", () => {
    expect(read(concatenate(wavFile(new Uint8Array(0)), tags))).toEqual({ samples: [], missing: 0 });
    expect(read(concatenate(wavFile(new Uint8Array(0)), tags, chunk("id3 ", ascii("odd"))))).toEqual({
      samples: [],
      missing: 0,
    });
  });

  it("chunks behind the data are not samples, and those in front are stepped over", () => {
    const head = wavFile(data).subarray(0, 36);
    expect(read(concatenate(head, tags, chunk("data", data), tags))).toEqual(read(wavFile(data)));
  });

  it("a Wave64 file of unknown length is read to its end; a cut one says what is missing", () => {
    const bytes = fixture("wave64.w64");
    expect(read(bytes.subarray(0, -400)).missing).toBe(200);
    bytes.fill(0, 96, 104); // the size of the data chunk
    expect(read(bytes.subarray(0, -400))).toMatchObject({ missing: 0, samples: { length: 2200 } });
  });

  it("the size in RF64's ds64 chunk counts", () => {
    expect(read(fixture("rf64.wav").subarray(0, -400)).missing).toBe(200);
  });
});

/** With its padding byte where the length is odd. */
function chunk(name: string, body: Uint8Array): Uint8Array {
  const size = new Uint8Array(Uint32Array.of(body.length).buffer);
  return concatenate(ascii(name), size, body, new Uint8Array(body.length % 2));
}
