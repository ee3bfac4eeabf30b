// The browser's converter against a stand-in for Web Audio: what it is asked, what it gives, and where it is missing.

import { afterEach, describe, expect, it, vi } from "vitest";
import { audioConverter } from "../../src/platform/browser/converter.ts";
import { fixture } from "../audio/fixture.ts";

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
  it("gives the channels at 48 kHz, and leaves the bytes alone", async () => {
    const asked = browser([Float32Array.of(0.5, 1), Float32Array.of(0, -1)]);
    const source = await audioConverter.convert(m4a, "mov");
    expect(source).toEqual({
      channels: [Float32Array.of(0.5, 1), Float32Array.of(0, -1)],
      rateHz: 48_000,
    });
    expect(asked).toEqual([{ rateHz: 48_000, bytes: m4a.length }]);
    expect(m4a.length).toBeGreaterThan(0);
  });

  it("gives nothing where the browser cannot decode it, and where there is no Web Audio", async () => {
    browser(undefined);
    expect(await audioConverter.convert(m4a, "mov")).toBeUndefined();
    vi.unstubAllGlobals();
    expect(await audioConverter.convert(m4a, "mov")).toBeUndefined();
  });
});
