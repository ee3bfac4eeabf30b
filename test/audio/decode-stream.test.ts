// A file that is decoded while it is read gives the samples of the same file decoded whole, however it is cut into chunks.

import { describe, expect, it, vi } from "vitest";
import { AudioStream, decodeAudio, encodeWav, SAMPLE_RATE_HZ } from "../../src/audio/index.ts";
import { CountedPackets } from "../../src/audio/formats/streams/ogg-packets.ts";
import { joinBlocks } from "../../src/tensor.ts";
import { joinBytes } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import { fixture, FIXTURES } from "./fixture.ts";

const random = new RandomStream(1, "chunks");
const AS_IF_LONG = 2 ** 30;

interface Read {
  readonly channel?: number;
  readonly windowBytes?: number;
  /** Of a chunk, at most. */
  readonly chunkBytes?: number;
}

async function* cut(bytes: Uint8Array, chunkBytes = 3000) {
  for (let at = 0, end; at < bytes.length; at = end) {
    end = at + 1 + random.integer(chunkBytes);
    yield bytes.slice(at, end);
  }
}

async function streamed(bytes: Uint8Array, { channel, windowBytes = 4096, chunkBytes }: Read = {}) {
  const chunks = () => cut(bytes, chunkBytes);
  const stream = (await AudioStream.open({ path: "a", bytes: AS_IF_LONG, chunks, windowBytes }, channel))!;
  const blocks: Float32Array[] = [];
  for await (const block of stream.blocks()) blocks.push(block.slice());
  return { samples: joinBlocks(blocks), warnings: stream.warnings };
}

const codes = (warnings: readonly { readonly code: string }[]): string[] => warnings.map(({ code }) => code);

describe("a recording that is decoded while it is read", () => {
  it.each(FIXTURES)("has the samples of the whole: %s", async (name) => {
    const bytes = fixture(name);
    const whole = await decodeAudio(bytes, name);
    for (const read of [{ windowBytes: 2200, chunkBytes: 99 }, { windowBytes: AS_IF_LONG }]) {
      const { samples, warnings } = await streamed(bytes, read);
      expect(samples.length).toBe(whole.samples.length);
      expect(Buffer.from(samples.buffer).equals(Buffer.from(whole.samples.slice().buffer))).toBe(true);
      expect(codes(warnings)).toEqual(codes(whole.warnings));
    }
  });

  it("may be a chain of links or joined files, each with its own rate", async () => {
    const ogg = joinBytes([fixture("stereo-22050.ogg"), fixture("mono.opus")]);
    const mp3 = joinBytes([fixture("plain.mp3"), fixture("tagged-stereo-44100.mp3")]);
    for (const bytes of [ogg, mp3]) {
      const whole = await decodeAudio(bytes, "joined");
      const { samples } = await streamed(bytes);
      expect(Math.abs(samples.length - whole.samples.length)).toBeLessThanOrEqual(2);
    }
  });

  it.each(FIXTURES)("says whether it is longer than so many seconds: %s", async (name) => {
    const bytes = fixture(name);
    const { samples } = await decodeAudio(bytes, name);
    const file = { path: name, bytes: bytes.length, chunks: () => cut(bytes) };
    const isLonger = (seconds: number) => AudioStream.isLonger(file, seconds, new AbortController().signal);
    expect(await isLonger(samples.length / SAMPLE_RATE_HZ - 0.01)).toBe(true);
    expect(await isLonger(samples.length / SAMPLE_RATE_HZ + 0.15)).toBe(false); // what a decoder cuts off in the end is counted
  });

  it("is known not to be longer by its bytes alone where they are too few", async () => {
    const begun = async (name: string, mostSeconds: number) => {
      let read = 0;
      const bytes = fixture(name);
      async function* chunks() {
        for await (const chunk of cut(bytes, 500)) {
          read += chunk.length;
          yield chunk;
        }
      }
      const file = { path: name, bytes: bytes.length, chunks, windowBytes: 600 };
      await AudioStream.isLonger(file, mostSeconds, new AbortController().signal);
      return read / bytes.length;
    };
    for (const name of ["pcm16.wav", "plain.mp3"]) {
      expect(await begun(name, 7200)).toBeLessThan(0.6);
      expect(await begun(name, 1)).toBe(1);
    }
    expect(await begun("mono.flac", 7200)).toBe(1); // a second of silence is three bytes
  });

  it("lets go of file and decoder where nobody wants the rest", async () => {
    const closing = vi.spyOn(CountedPackets.prototype, "close");
    let isClosed = false;
    async function* chunks() {
      try {
        yield* cut(fixture("stereo-22050.ogg"));
      } finally {
        isClosed = true;
      }
    }
    const file = { path: "a", bytes: AS_IF_LONG, chunks, windowBytes: 2200 };
    for await (const _ of (await AudioStream.open(file))!.blocks()) break;
    expect(isClosed).toBe(true);
    expect(closing).toHaveBeenCalledOnce();
    closing.mockRestore();
  });

  it("gives each of its channels alone", async () => {
    const [left, right] = [tone(2, 300), tone(2, 500)];
    const both = Float32Array.from(
      { length: 2 * left.length },
      (_, n) => (n % 2 === 0 ? left : right)[n >> 1],
    );
    const bytes = stereo(encodeWav(both, 16_000));
    for (const [channel, tone] of [left, right].entries()) {
      const { samples } = await streamed(bytes, { channel });
      expect(largestDifference(samples, tone)).toBeLessThan(2 ** -15);
    }
    const opposite = Float32Array.from(both, (_, n) => (n % 2 === 0 ? 1 : -1) * left[n >> 1]);
    const { samples, warnings } = await streamed(stereo(encodeWav(opposite, 16_000)));
    expect(largestDifference(samples, left)).toBeLessThan(2 ** -15);
    expect(codes(warnings)).toEqual(["OPPOSITE_CHANNELS"]);
  });

  it("has no other channels, which is said at its beginning", async () => {
    const bytes = stereo(encodeWav(tone(2, 300), 16_000));
    for (const channel of [2, -1, 0.5]) {
      const error = {
        code: "UNKNOWN_CHANNEL",
        message: `a: There is no channel ${channel}: the recording has 2 channels, numbers 0 to 1. Ask for one of them, or for none: then all are mixed.`,
      };
      await expect(decodeAudio(bytes, "a", channel)).rejects.toMatchObject(error);
      await expect(streamed(bytes, { channel })).rejects.toMatchObject(error);
    }
    for (const name of FIXTURES)
      await expect(decodeAudio(fixture(name), name, 9)).rejects.toThrow("There is no channel 9");
  });

  it("tells its channels by its beginning, however long it is", async () => {
    for (const name of FIXTURES) {
      const bytes = fixture(name);
      const file = { path: name, bytes: bytes.length, chunks: () => cut(bytes), windowBytes: 4096 };
      expect(await AudioStream.countChannels(file)).toBe((await decodeAudio(bytes, name)).channels);
    }
    const bytes = stereo(encodeWav(tone(60, 300), 16_000));
    let read = 0;
    const chunks = async function* () {
      for await (const chunk of cut(bytes)) {
        read += chunk.length;
        yield chunk;
      }
    };
    expect(
      await AudioStream.countChannels({ path: "a", bytes: bytes.length, chunks, windowBytes: 4096 }),
    ).toBe(2);
    expect(read).toBeLessThan(0.1 * bytes.length);
  });

  it("is used as far as it goes when it is cut, and beyond a wrong count", async () => {
    for (const name of ["pcm16.wav", "mono.flac", "mono.opus", "plain.mp3"]) {
      const bytes = fixture(name);
      const { samples, warnings } = await streamed(bytes.subarray(0, Math.round(0.7 * bytes.length)));
      expect(samples.length).toBeGreaterThan(1000);
      if (name !== "plain.mp3") expect(codes(warnings)).toEqual(["TRUNCATED_AUDIO"]);
    }
    const bytes = encodeWav(tone(2, 300), 16_000);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(40, 32_000, true);
    const { samples, warnings } = await streamed(bytes);
    expect(samples.length).toBe(32_000);
    expect(codes(warnings)).toEqual(["MISCOUNTED_AUDIO"]);
  });

  it("that cannot be read is named", async () => {
    const header = encodeWav(tone(0.1, 300), 16_000).slice(0, 44);
    await expect(streamed(header)).rejects.toMatchObject({ code: "DAMAGED_AUDIO", where: "a" });
    const noise = Uint8Array.from({ length: 20_000 }, () => random.integer(256));
    const flac = joinBytes([fixture("mono.flac").slice(0, 100), noise]);
    await expect(streamed(flac)).rejects.toMatchObject({ code: "DAMAGED_AUDIO" });
  });
});

const tone = (seconds: number, hz: number): Float32Array =>
  Float32Array.from({ length: seconds * 16_000 }, (_, n) => 0.4 * Math.sin((2 * Math.PI * hz * n) / 16_000));

/** The same bytes as two channels. */
function stereo(wav: Uint8Array): Uint8Array {
  const view = new DataView(wav.buffer, wav.byteOffset);
  view.setUint16(22, 2, true);
  view.setUint32(28, 64_000, true);
  view.setUint16(32, 4, true);
  return wav;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, x, n) => Math.max(most, Math.abs(x - b[n])), 0);
}
