// The browser's converter against a stand-in for Web Audio: what it is asked, what it gives, and where it is missing.

import { afterEach, describe, expect, it, vi } from "vitest";
import { convertAudio } from "../../src/audio/converter.web.ts";
import { fixture } from "./fixture.ts";

const m4a = fixture("aac.m4a");

/** Stands in for OfflineAudioContext: gives these channels, or refuses. */
function browser(channels: readonly Float32Array[] | undefined) {
  const asked: { rateHz: number; bytes: number }[] = [];
  class OfflineAudioContext {
    readonly #rateHz: number;
    constructor(_channels: number, _length: number, rateHz: number) {
      this.#rateHz = rateHz;
    }
    decodeAudioData(file: ArrayBuffer) {
      asked.push({ rateHz: this.#rateHz, bytes: file.byteLength });
      structuredClone(file, { transfer: [file] }); // as browsers do: the caller's buffer is gone
      if (channels === undefined) return Promise.reject(new Error("EncodingError"));
      return Promise.resolve({
        numberOfChannels: channels.length,
        getChannelData: (channel: number) => channels[channel],
      });
    }
  }
  vi.stubGlobal("OfflineAudioContext", OfflineAudioContext);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

describe("the browser's converter", () => {
  it("gives the mean of the channels at 48 kHz, and leaves the bytes alone", async () => {
    const asked = browser([Float32Array.of(0.5, 1), Float32Array.of(0, -1)]);
    const source = await convertAudio(m4a, "mov", "clip.m4a");
    expect(source).toEqual({
      mono: Float32Array.of(0.25, 0),
      channels: 2,
      rateHz: 48_000,
      missingSamples: 0,
    });
    expect(asked).toEqual([{ rateHz: 48_000, bytes: m4a.length }]);
    expect(m4a.length).toBeGreaterThan(0);
  });

  it("gives nothing where the browser cannot decode it, and where there is no Web Audio", async () => {
    browser(undefined);
    expect(await convertAudio(m4a, "mov", "clip.m4a")).toBeUndefined();
    vi.unstubAllGlobals();
    expect(await convertAudio(m4a, "mov", "clip.m4a")).toBeUndefined();
  });
});
