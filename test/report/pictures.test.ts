import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { pictureUri, soundUri, spectrogram } from "../../src/report/index.ts";
import { heightOf } from "../../src/report/spectrogram.ts";
import { sweep } from "../recognizer/wave-file.ts";

const bytesOf = (uri: string) => Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64");

describe("a picture", () => {
  it("is a PNG with the rows that were given", async () => {
    const pixels = Uint8Array.of(0, 1, 2, 1, 0, 2);
    const palette = [
      [0, 0, 0],
      [255, 0, 0],
      [0, 255, 0],
    ] as const;
    const uri = await pictureUri({ width: 3, height: 2, pixels, palette });
    expect(uri).toMatch(/^data:image\/png;base64,/);
    const png = bytesOf(uri);
    expect(png.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([3, 2, 8, 3]);
    const data = png.indexOf("IDAT");
    const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    expect([...rows]).toEqual([0, 0, 1, 2, 0, 1, 0, 2]); // each row begins with its filter: none
    expect(png.subarray(-8).toString("hex")).toBe("49454e44ae426082"); // IEND and its checksum, in every PNG
  });
});

describe("a spectrogram", () => {
  it("is lightest where a tone is", () => {
    const tone = Float32Array.from({ length: 16_000 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / 16_000));
    const { width, height, pixels } = spectrogram(tone);
    const middle = Array.from({ length: height }, (_, y) => pixels[y * width + (width >> 1)]);
    const lightest = middle.indexOf(Math.max(...middle));
    expect(1 - lightest / height).toBeCloseTo(heightOf(1000), 1);
  });
  it("is dark throughout for silence, and bears a recording of no length", () => {
    expect(Math.max(...spectrogram(new Float32Array(8000)).pixels)).toBe(0);
    expect(spectrogram(new Float32Array(0)).height).toBe(80);
  });
});

describe("a sound", () => {
  it("is a WAV file with the samples that were given", async () => {
    const samples = sweep(0.1);
    const { samples: back } = await decodeAudio(bytesOf(soundUri(samples, 16_000)), "sound");
    expect(back.length).toBe(samples.length);
    back.forEach((sample, n) => expect(Math.abs(sample - samples[n])).toBeLessThan(2 ** -14));
  });
  it("clips what is louder than full scale", () => {
    const bytes = bytesOf(soundUri(Float32Array.of(2, -2, 0), 16_000));
    expect([44, 46, 48].map((at) => bytes.readInt16LE(at))).toEqual([32_767, -32_768, 0]);
  });
});
