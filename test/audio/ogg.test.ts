// Opus, Vorbis and FLAC inside Ogg against another program's samples; chains, gaps, damage, and packets over pages.

import { describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/index.ts";
import { readOgg } from "../../src/audio/formats/ogg.ts";
import { OggStream, readOggChain } from "../../src/audio/formats/ogg-streams.ts";
import { ascii, concatenate, faultOf, fixture } from "./fixture.ts";
import { oggPage, pagesOf, sealed } from "./ogg-file.ts";
import { largestDifference, level, noise, risingTone } from "./signal.ts";

async function mono(bytes: Uint8Array): Promise<Float32Array> {
  return (await readOgg(bytes, "clip.ogg")).mono ?? new Float32Array(0);
}

const concatenateSamples = (...parts: readonly Float32Array[]): Float32Array =>
  Float32Array.from(parts.flatMap((part) => [...part]));

describe("Ogg", () => {
  // ffmpeg 5.1.9 with libopus 1.3.1 and its own Vorbis decoder: four samples of the mean of all channels, and the level
  it.each([
    [
      "mono.opus",
      48_000,
      1,
      48_000,
      [100, 5000, 20_000, 40_000],
      [0.17212, 0.08118, 0.12662, -0.01462],
      0.278426,
    ],
    [
      "surround.opus",
      48_000,
      6,
      7200,
      [100, 1000, 3000, 7000],
      [0.0389, 0.13104, -0.03129, -0.11281],
      0.097618,
    ],
    [
      "stereo-22050.ogg",
      22_050,
      2,
      13_230,
      [100, 3000, 9000, 13_000],
      [-0.1135, 0.28519, 0.32619, -0.09845],
      0.286761,
    ],
  ])(
    "%s gives ffmpeg's samples, exactly as many as were recorded",
    async (name, rateHz, channels, length, at, values, rms) => {
      const source = await readOgg(fixture(name), name);
      const samples = source.mono ?? new Float32Array(0);
      expect([source.rateHz, source.channels, samples.length, source.missingSamples]).toEqual([
        rateHz,
        channels,
        length,
        0,
      ]);
      at.forEach((n, i) => expect(samples[n]).toBeCloseTo(values[i], 4));
      expect(level(samples)).toBeCloseTo(rms, 5);
    },
  );

  it("FLAC inside Ogg gives the samples it was made from", async () => {
    const { samples, warnings } = await decodeAudio(fixture("mono.oga"), "clip.oga");
    expect([samples.length, warnings]).toEqual([2400, []]);
    expect(largestDifference(samples, risingTone(16_000))).toBeLessThan(1 / 32_768);
  });

  it("a chain gives one link after the other", async () => {
    const once = await mono(fixture("mono.opus"));
    const chain = await readOgg(concatenate(fixture("mono.opus"), fixture("mono.opus")), "clip.ogg");
    expect(chain).toMatchObject({ rateHz: 48_000, missingSamples: 0, mono: { length: 96_000 } });
    expect(chain.mono?.subarray(0, 48_000)).toEqual(once);
    expect(chain.mono?.subarray(48_000)).toEqual(once);
  });

  it("a chain of two rates is decoded, each part at its own", async () => {
    const links = [fixture("mono.opus"), fixture("stereo-22050.ogg")];
    const { samples } = await decodeAudio(concatenate(...links), "clip.ogg");
    const [first, second] = await Promise.all(links.map((link) => decodeAudio(link, "clip.ogg")));
    expect(samples).toEqual(concatenateSamples(first.samples, second.samples));
  });

  it("a codec that Earshot does not read is named", async () => {
    const fault = await faultOf(oggPage([ascii("Speex   1.2")], { flags: 2 }));
    expect(fault.code).toBe("UNKNOWN_AUDIO_FORMAT");
    expect(fault.problem).toBe("This Ogg file holds Speex; Earshot reads Opus, Vorbis and FLAC inside Ogg.");
  });

  it("a stream beside the audio (a video, say) is passed over", async () => {
    const [head, ...others] = pagesOf(fixture("mono.opus"));
    const video = oggPage([ascii("\x80theora...")], { flags: 2, serial: 99 });
    const picture = oggPage([ascii("a picture")], { granule: 7, serial: 99, sequence: 1 });
    const film = concatenate(video, head, others[0], picture, ...others.slice(1));
    expect(await mono(film)).toEqual(await mono(fixture("mono.opus")));
  });

  it("Opus's output gain counts", async () => {
    const [head, ...others] = pagesOf(fixture("mono.opus"));
    const quiet = head.slice();
    new DataView(quiet.buffer).setInt16(28 + 16, -6 * 256, true); // dB in 1/256
    const ratio =
      level(await mono(concatenate(sealed(quiet), ...others))) / level(await mono(fixture("mono.opus")));
    expect(ratio).toBeCloseTo(10 ** (-6 / 20), 6);
  });
});

describe("damage to Ogg files", () => {
  it.each([
    ["mono.opus", 48_000],
    ["stereo-22050.ogg", 22_050],
  ])("%s: a page costs itself, and the warning says how much", async (name, rateHz) => {
    const pages = pagesOf(fixture(name));
    pages[4] = pages[4].slice();
    pages[4][60] ^= 1;
    const { missingSamples, mono: samples } = await readOgg(concatenate(...pages), name);
    expect(missingSamples / rateHz).toBeGreaterThan(0.05);
    expect(missingSamples / rateHz).toBeLessThan(0.2);
    expect((samples?.length ?? 0) + missingSamples).toBe((await mono(fixture(name))).length);
  });

  it("without its end, nobody knows how much is missing", async () => {
    const { warnings, samples } = await decodeAudio(
      concatenate(...pagesOf(fixture("mono.opus")).slice(0, -3)),
      "clip",
    );
    expect(samples.length).toBeGreaterThan(8000);
    expect(warnings).toEqual([
      {
        code: "TRUNCATED_AUDIO",
        message: `The recording is cut or damaged: ${(samples.length / 16_000).toFixed(2)} s could be decoded.`,
      },
    ]);
  });

  it("a stream that counts from the middle of a broadcast is whole", async () => {
    const [head, tags, ...audio] = pagesOf(fixture("mono.opus"));
    const late = audio.slice(3).map((page, i) => {
      const renumbered = page.slice();
      new DataView(renumbered.buffer).setUint32(18, 2 + i, true);
      return sealed(renumbered);
    });
    const { missingSamples, mono: samples } = await readOgg(concatenate(head, tags, ...late), "clip.opus");
    expect(missingSamples).toBe(0);
    expect((samples?.length ?? 0) / 48_000).toBeCloseTo(0.7, 1);
  });

  it("without its first page there is nothing to decode", async () => {
    const fault = await faultOf(concatenate(...pagesOf(fixture("mono.opus")).slice(1)));
    expect(fault.code).toBe("DAMAGED_AUDIO");
  });

  it("headers with valid checksums and senseless contents are damage, never a crash", async () => {
    const random = noise(4000, 3).map((value) => Math.floor((value + 1) * 128));
    for (let n = 0; n < 60; n++) {
      const pages = pagesOf(fixture(n % 2 ? "surround.opus" : "stereo-22050.ogg"));
      const page = pages[n % 3].slice();
      for (let i = 0; i < 4; i++) page[28 + (random[n * 8 + i] % (page.length - 28))] = random[n * 8 + 4 + i];
      const file = concatenate(...pages.with(n % 3, sealed(page)));
      const outcome = await decodeAudio(file, "clip").catch((error: unknown) => error);
      expect(outcome).toSatisfy((result: object) => "samples" in result || "code" in result);
    }
  });
});

describe("crafted Ogg files are read in a time that grows with their size", () => {
  it("pages that promise more pages inside, and are all damaged", async () => {
    const header = oggPage([], { granule: -1 }, [255]).subarray(0, 27);
    header.fill(255, 5); // each promises 255 pieces, whose lengths are those of the pages inside
    const file = new Uint8Array(27 * 40_000);
    for (let at = 0; at < file.length; at += 27) file.set(header, at);
    expect((await faultOf(file)).code).toBe("DAMAGED_AUDIO");
  });

  it("a chain of a thousand and one streams is refused", async () => {
    const link = concatenate(
      oggPage([ascii("OpusHead")], { flags: 2 }),
      oggPage([], { flags: 4, sequence: 1 }),
    );
    const file = new Uint8Array(1001 * link.length);
    for (let n = 0; n < 1001; n++) file.set(link, n * link.length);
    const fault = await faultOf(file);
    expect(fault.code).toBe("UNKNOWN_AUDIO_FORMAT");
    expect(fault.problem).toBe("This Ogg file is a chain of 1001 streams; Earshot reads up to 1000.");
  });

  it("a packet that goes on over all pages", () => {
    const stream = new OggStream();
    const common = { serial: 1, granule: undefined, isFirst: false, isLast: false };
    const [lacing, body] = [Uint8Array.of(255), new Uint8Array(255)];
    for (let sequence = 0; sequence < 40_000; sequence++) {
      stream.push({ ...common, sequence, isContinued: sequence > 0, lacing, body });
    }
    stream.push({
      ...common,
      sequence: 40_000,
      isContinued: true,
      lacing: Uint8Array.of(0),
      body: new Uint8Array(0),
    });
    expect(stream.packets.map(({ data }) => data.length)).toEqual([10_200_000]);
  });
});

describe("packets", () => {
  const long = Uint8Array.from({ length: 600 }, (_, n) => n % 256);
  const first = oggPage([long.subarray(0, 510)], { granule: -1 }, [255, 255]);
  const second = oggPage([long.subarray(510), ascii("next")], { flags: 1, granule: 5, sequence: 1 });
  const packetsOf = (...pages: Uint8Array[]) =>
    readOggChain(concatenate(...pages))[0]?.[0] ?? new OggStream();

  it("go on over pages", () => {
    expect(packetsOf(first, second).packets).toEqual([
      { data: long, granule: undefined },
      { data: ascii("next"), granule: 5 },
    ]);
  });

  it("end with an empty piece when their length is a multiple of 255", () => {
    const exact = long.subarray(0, 510);
    const end = oggPage([new Uint8Array(0)], { flags: 1, granule: 9, sequence: 1 }, [0]);
    expect(packetsOf(first, end).packets).toEqual([{ data: exact, granule: 9 }]);
  });

  it("with a piece on a lost page are left out", () => {
    expect(packetsOf(second).packets).toEqual([{ data: ascii("next"), granule: 5 }]);
    const later = oggPage([ascii("late")], { granule: 8, sequence: 2 });
    const stream = packetsOf(first, later);
    expect([stream.packets, stream.hasGaps]).toEqual([[{ data: ascii("late"), granule: 8 }], true]);
  });
});
