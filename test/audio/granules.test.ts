// Ogg files whose granule positions contradict their packets: what was said must not vanish. Each is made here from an
// intact file, the way some recorder or encoder is known to write it.

import { describe, expect, it } from "vitest";
import { readOggChain } from "../../src/audio/formats/ogg-streams.ts";
import { decodeAudio } from "../../src/audio/index.ts";
import { concatenate, fixture } from "./fixture.ts";
import { oggPage, pagesOf, sealed } from "./ogg-file.ts";
import { largestDifference } from "./signal.ts";

const codesOf = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }): string[] =>
  warnings.map(({ code }) => code);

describe("granule positions that contradict the packets", () => {
  /** Every position of an Ogg file by another count. */
  const recounted = (file: Uint8Array, count: (granule: number) => number): Uint8Array =>
    concatenate(
      ...pagesOf(file).map((page) => {
        const copy = page.slice();
        const view = new DataView(copy.buffer);
        view.setBigInt64(6, BigInt(Math.round(count(Number(view.getBigInt64(6, true))))), true);
        return sealed(copy);
      }),
    );

  it.each([
    ["mono.opus", "zero", () => 0],
    ["mono.opus", "at another rate", (granule: number) => granule / 3],
    ["stereo-22050.ogg", "zero", () => 0],
    ["stereo-22050.ogg", "at another rate", (granule: number) => granule / 2],
    ["mono.oga", "zero", () => 0],
  ])("%s, %s: all of it is heard", async (name, _, count) => {
    const intact = await decodeAudio(fixture(name), name);
    const found = await decodeAudio(recounted(fixture(name), count), name);
    expect(found.samples.length).toBeGreaterThanOrEqual(intact.samples.length);
    const part = found.samples.subarray(0, intact.samples.length - 100);
    expect(largestDifference(part, intact.samples)).toBeLessThan(1e-3); // the resampler sees another end
    expect(codesOf(found)).toEqual(["MISCOUNTED_AUDIO"]);
  });

  it("FLAC in Ogg: a count a little too small is no matter", async () => {
    const shorter = recounted(fixture("mono.oga"), (granule) => Math.max(0, granule - 100));
    expect(await decodeAudio(shorter, "clip.oga")).toEqual(
      await decodeAudio(fixture("mono.oga"), "clip.oga"),
    );
  });

  /** All packets of the audio on one page, as short recordings have them. */
  function onOnePage(file: Uint8Array, headers: number, count: (granule: number) => number): Uint8Array {
    const { packets } = readOggChain(file)[0][0];
    const granule = Math.round(count(packets.at(-1)?.granule ?? 0));
    const data = packets.map((packet) => packet.data);
    return concatenate(
      oggPage([data[0]], { flags: 2 }),
      ...data.slice(1, headers).map((header, i) => oggPage([header], { sequence: 1 + i })),
      oggPage(data.slice(headers), { flags: 4, granule, sequence: headers }),
    );
  }

  it.each([
    ["mono.opus", 2, "zero", () => 0],
    ["mono.opus", 2, "a third", (granule: number) => granule / 3],
    ["mono.opus", 2, "a sixth, as if of another rate", (granule: number) => granule / 6],
    ["stereo-22050.ogg", 3, "zero", () => 0],
    ["stereo-22050.ogg", 3, "a third", (granule: number) => granule / 3],
    ["stereo-22050.ogg", 3, "a sixth, as if of another rate", (granule: number) => granule / 6],
  ])("%s on one page, with %i headers, %s: all of it is heard", async (name, headers, _, count) => {
    const intact = await decodeAudio(fixture(name), name);
    const whole = await decodeAudio(onOnePage(fixture(name), headers, Number), name);
    expect(whole.samples).toEqual(intact.samples);
    expect(codesOf(whole)).toEqual([]);
    const found = await decodeAudio(onOnePage(fixture(name), headers, count), name);
    expect(found.samples.length).toBeGreaterThanOrEqual(intact.samples.length);
    expect(codesOf(found)).toEqual(["MISCOUNTED_AUDIO"]);
  });

  it.each([
    ["mono.opus", 2, 48, 16],
    ["stereo-22050.ogg", 3, 22, 16],
  ])("%s on one page: a count within its last packet cuts it, without a word", async (...given) => {
    const [name, headers, less, samplesLess] = given;
    const intact = await decodeAudio(fixture(name), name);
    const cut = await decodeAudio(
      onOnePage(fixture(name), headers, (granule) => granule - less),
      name,
    );
    expect(intact.samples.length - cut.samples.length).toBe(samplesLess);
    expect(codesOf(cut)).toEqual([]);
  });

  it("an Opus file of one packet that counts less than it leaves out in front is heard", async () => {
    const { packets } = readOggChain(fixture("mono.opus"))[0][0];
    const [head, tags, , packet] = packets.map(({ data }) => data);
    const file = concatenate(
      oggPage([head], { flags: 2 }),
      oggPage([tags], { sequence: 1 }),
      oggPage([packet], { flags: 4, sequence: 2 }),
    );
    const { samples, warnings } = await decodeAudio(file, "clip.opus");
    expect(samples.length).toBeGreaterThan(100);
    expect(warnings.map(({ code }) => code)).toContain("MISCOUNTED_AUDIO");
  });

  it("says so in a sentence", async () => {
    const { warnings } = await decodeAudio(
      recounted(fixture("mono.opus"), () => 0),
      "clip.opus",
    );
    expect(warnings[0].message).toMatch(
      /^The file counts 0\.00 s, but \d\.\d\d s are there: all of it is used\. Its recorder wrote a wrong count\.$/,
    );
  });

  it("a count within the last packet cuts it, without a word", async () => {
    const intact = await decodeAudio(fixture("mono.opus"), "clip.opus");
    const shorter = recounted(fixture("mono.opus"), (granule) => Math.max(0, granule - 48));
    const cut = await decodeAudio(shorter, "clip.opus");
    expect(intact.samples.length - cut.samples.length).toBe(16);
    expect(codesOf(cut)).toEqual([]);
  });
});
