// Noises and rooms: found, listened to, sorted out.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activePower, featureSettings } from "../../src/audio/index.ts";
import { augmentationSettings } from "../../src/data/augmentation/index.ts";
import { findSounds } from "../../src/data/augmentation/sound-files.ts";
import { SoundLibrary } from "../../src/data/augmentation/sound-library.ts";
import { openSounds } from "../../src/data/augmentation/sounds.ts";
import { FeatureStore } from "../../src/data/index.ts";
import { temporaryFolder, writeNoise, writeSamples } from "./recordings.ts";

const folder = temporaryFolder();
const white = join(folder, "white");
let store: FeatureStore;

beforeAll(async () => {
  mkdirSync(white);
  for (const name of ["a.wav", "b.wav", "c.wav"]) writeNoise(white, name, 0.5);
  const place = { workers: 1, cacheDirectory: join(folder, "cache"), cacheMegabytes: 10 };
  store = await FeatureStore.open(featureSettings.parse({}), place, () => undefined);
});
afterAll(() => store.close());

const hum = (name: string) =>
  writeSamples(
    white,
    name,
    Float32Array.from({ length: 8000 }, (_, n) => 0.3 * Math.sin(n / 50)),
  );
const noise = (settings: object) => augmentationSettings.parse({ noise: settings });

describe("recordings for augmentation", () => {
  it("are those of a folder, in the order of their names, or of a list beside them, each once", async () => {
    const expected = ["a.wav", "b.wav", "c.wav"].map((name) => join(white, name));
    expect(await findSounds([white])).toEqual(expected);
    const list = join(folder, "list.csv");
    writeFileSync(list, "path,class\nwhite/c.wav,hiss\nwhite/a.wav,hiss\n");
    expect(await findSounds([list, white])).toEqual([expected[2], expected[0], expected[1]]);
  });

  it("are named when they are missing", async () => {
    await expect(findSounds([join(folder, "none")])).rejects.toThrow(
      `${join(folder, "none")}: There is no such folder or list of recordings for augmentation. Give a folder of ` +
        "recordings, or a CSV list of them with a column path; paths in settings are relative to the working folder.",
    );
    const list = join(folder, "other.csv");
    writeFileSync(list, "file,class\nwhite/c.wav,hiss\n");
    await expect(findSounds([list])).rejects.toThrow(
      `${list}: The list has no column path; it has: file, class. ` +
        "Give a folder of recordings, or a CSV list of them with a column path.",
    );
  });

  it("are left out, by name, when they are silent or cannot be read", async () => {
    const silent = writeSamples(folder, "silent.wav", new Float32Array(8000));
    const broken = join(folder, "broken.wav");
    writeFileSync(broken, "This is not a recording.");
    const list = join(folder, "mixed.csv");
    writeFileSync(list, "path\nwhite/a.wav\nsilent.wav\nbroken.wav\n");
    const { sounds, warnings } = await openSounds(noise({ paths: [list] }), store);
    expect(sounds.noise).toEqual([join(white, "a.wav")]);
    expect(warnings).toMatchObject([{ code: "SOUNDS_LEFT_OUT", message: expect.stringContaining(broken) }]);
    expect(warnings[0].message).toContain(`${silent} (silent)`);
    writeFileSync(list, "path\nsilent.wav\n");
    await expect(openSounds(noise({ paths: [list] }), store)).rejects.toMatchObject({
      code: "NO_USABLE_SOUND",
      problem: `Of the recordings for augmentation none is left: ${silent} (silent).`,
    });
  });

  it("are rejected as noise when a band is unlike that of real noisy recordings", async () => {
    const loud = hum("hum.wav");
    const candidates = join(folder, "candidates.csv");
    const real = join(folder, "real.csv");
    writeFileSync(candidates, "path\nwhite/a.wav\nwhite/hum.wav\n");
    writeFileSync(real, "path\nwhite/b.wav\nwhite/c.wav\n");
    const kept = await openSounds(noise({ paths: [candidates] }), store);
    expect(kept.sounds.noise).toHaveLength(2);
    const { sounds, warnings } = await openSounds(noise({ paths: [candidates], like: [real] }), store);
    expect(sounds.noise).toEqual([join(white, "a.wav")]);
    expect(warnings[0].message).toMatch(
      new RegExp(`left out: ${loud} \\(a band differs by \\d+ dB from noise.like\\)\\.`),
    );
    const lenient = noise({ paths: [candidates], like: [real], unlikeDb: 100 });
    expect((await openSounds(lenient, store)).sounds.noise).toHaveLength(2);
  });

  it("have a digest of what is heard in them, wherever they lie", async () => {
    const digestOf = async (names: readonly string[]) => {
      const list = join(folder, "digest.csv");
      writeFileSync(list, ["path", ...names].join("\n"));
      return (await openSounds(noise({ paths: [list] }), store)).digest;
    };
    writeFileSync(join(folder, "copy.wav"), readFileSync(join(white, "a.wav")));
    expect(await digestOf(["copy.wav"])).toBe(await digestOf(["white/a.wav"]));
    expect(await digestOf(["white/b.wav"])).not.toBe(await digestOf(["white/a.wav"]));
    expect((await openSounds(noise({}), store)).digest).toBe("");
  });
});

describe("a library of sounds", () => {
  it("reads a file once, until others need its room", async () => {
    const library = new SoundLibrary(20_000);
    const [a, b, c] = ["a.wav", "b.wav", "c.wav"].map((name) => join(white, name)); // of 8000 samples
    const first = await library.read(a);
    expect(first.samples.length).toBe(8000);
    expect(first.activePower).toBe(activePower(first.samples));
    expect(await library.read(a)).toBe(first);
    const second = await library.read(b);
    expect(await library.read(a)).toBe(first);
    await library.read(c);
    expect(await library.read(a)).toBe(first); // used after b
    expect(await library.read(b)).not.toBe(second);
  });

  it("tells what cannot be read each time it is asked", async () => {
    const library = new SoundLibrary();
    for (let time = 0; time < 2; time++) {
      await expect(library.read(join(folder, "none.wav"))).rejects.toMatchObject({ code: "ENOENT" });
    }
  });
});
