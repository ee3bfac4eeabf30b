import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activePower, PowerSpectrum } from "../../src/audio/index.ts";
import type { Utterance } from "../../src/data/index.ts";
import { CONDITIONS, conditionsNamed, stressTest } from "../../src/evaluation/index.ts";
import { Recognizer, type Source } from "../../src/recognizer/index.ts";
import { level, noise } from "../audio/signal.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";

const RATE = 16_000;
const decibels = (ratio: number): number => 20 * Math.log10(ratio);

/** Stands for the samples: comparing them one by one takes seconds. */
const print = (samples: Float32Array): string => createHash("sha256").update(samples).digest("hex");

/** Broad enough for any band: noise that swells and fades, as speech does. */
const speech = Float32Array.from(
  noise(RATE, 5),
  (value, n) => 0.3 * value * Math.abs(Math.sin((4 * Math.PI * n) / RATE)),
);
const voice = { samples: Float32Array.from(noise(RATE / 2, 9)), start: 77 };
const beside = { seed: 7, voices: async (most: number) => Array.from({ length: most }, () => voice) };

async function under(name: string, samples = speech): Promise<Float32Array> {
  const [, condition] = conditionsNamed([name]);
  return condition.change(samples, beside);
}

/** Share of the power above a frequency. */
function shareAbove(hertz: number, samples: Float32Array): number {
  const size = 512;
  const window = Float64Array.from(
    { length: size },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size),
  );
  const spectrum = new PowerSpectrum(size, window);
  let [above, all] = [0, 0];
  for (let start = 0; start + size <= samples.length; start += size) {
    spectrum.compute(samples, start);
    for (let line = 1; line < size / 2; line++) {
      all += spectrum.power[line];
      if ((line * RATE) / size > hertz) above += spectrum.power[line];
    }
  }
  return above / all;
}

describe("the conditions of a stress test", () => {
  it("begin with the recordings as they are, and have each name once", () => {
    const names = CONDITIONS.map(({ name }) => name);
    expect(names[0]).toBe("clean");
    expect(new Set(names).size).toBe(names.length);
    expect(CONDITIONS[0].change(speech, beside)).toBe(speech);
  });

  it.each(CONDITIONS.map(({ name, change }) => [name, change] as const))(
    "%s is a function of samples and seed, and leaves the samples alone",
    async (_, change) => {
      const before = speech.slice();
      const [once, again] = [await change(speech, beside), await change(speech, beside)];
      expect(print(again)).toBe(print(once));
      expect(print(speech)).toBe(print(before));
      expect(once.every(Number.isFinite)).toBe(true);
    },
  );

  it.each(CONDITIONS.map(({ name, change }) => [name, change] as const))(
    "%s bears silence and a handful of samples",
    async (_, change) => {
      for (const samples of [new Float32Array(800), Float32Array.of(0.1, -0.1, 0.2)])
        expect((await change(samples, beside)).every(Number.isFinite)).toBe(true);
    },
  );

  it.each([
    ["zeros-1s", 1],
    ["zeros-3s", 3],
  ])("%s puts zeros around, and nothing else", async (name, seconds) => {
    const changed = await under(name);
    const start = seconds * RATE;
    expect(changed).toHaveLength(speech.length + 2 * start);
    expect(print(changed.subarray(start, start + speech.length))).toBe(print(speech));
    expect(level(changed, 0, start)).toBe(0);
    expect(level(changed, start + speech.length)).toBe(0);
  });

  it.each([
    ["quiet-1s", 1],
    ["quiet-3s", 3],
  ])("%s puts noise 35 dB below the speech around it", async (name, seconds) => {
    const changed = await under(name);
    const start = seconds * RATE;
    expect(print(changed.subarray(start, start + speech.length))).toBe(print(speech));
    for (const part of [changed.subarray(0, start), changed.subarray(start + speech.length)])
      expect(decibels(level(part) / Math.sqrt(activePower(speech)))).toBeCloseTo(-35, 0);
  });

  it("quiet-throughout puts pink noise around and under it", async () => {
    const changed = await under("quiet-throughout");
    const start = 1.5 * RATE;
    const around = changed.subarray(0, start);
    expect(changed).toHaveLength(speech.length + 2 * start);
    expect(Math.abs(decibels(level(around) / Math.sqrt(activePower(speech))) + 25)).toBeLessThan(2);
    expect(shareAbove(4000, around)).toBeLessThan(0.3); // of white noise, half
    const added = speech.map((sample, n) => changed[start + n] - sample);
    expect(Math.abs(decibels(level(added) / level(around)))).toBeLessThan(3);
  });

  it("level-30db-down divides, in steps of 16 bits", async () => {
    const changed = await under("level-30db-down");
    expect(decibels(level(changed) / level(speech))).toBeCloseTo(-30, 1);
    expect(changed.every((sample) => Number.isInteger(sample * 2 ** 15))).toBe(true);
  });

  it("level-20db-up multiplies, and clips at full scale", async () => {
    const changed = await under("level-20db-up");
    const soft = speech.findIndex((sample) => Math.abs(sample) > 0.01 && Math.abs(sample) < 0.09);
    expect(changed[soft]).toBeCloseTo(10 * speech[soft], 5);
    expect(Math.max(...changed)).toBe(1);
    expect(Math.min(...changed)).toBe(-1);
  });

  it.each(
    ["white", "pink", "hum", "babble"].flatMap((kind) => [20, 10, 0].map((db) => [`${kind}-${db}db`, db])),
  )("%s lies so far below the speech", async (name, db) => {
    const changed = await under(name as string);
    const added = changed.map((sample, n) => sample - speech[n]);
    expect(changed).toHaveLength(speech.length);
    expect(10 * Math.log10(activePower(speech) / activePower(added))).toBeCloseTo(db as number, 1);
  });

  it("the noises are of different colours", async () => {
    const highs = async (name: string) => {
      const changed = await under(name);
      return shareAbove(
        4000,
        changed.map((sample, n) => sample - speech[n]),
      );
    };
    expect(await highs("white-0db")).toBeCloseTo(0.5, 1);
    expect(await highs("pink-0db")).toBeLessThan(0.3);
    expect(await highs("hum-0db")).toBeLessThan(0.001);
  });

  it.each([
    ["room-small", 0.3],
    ["room-medium", 0.5],
    ["room-large", 0.9],
  ])("%s rings on, and is as loud", async (name, t60) => {
    const click = new Float32Array(RATE);
    click[0] = 1;
    const response = await under(name, click);
    expect(response).toHaveLength(RATE + (t60 / 2) * RATE);
    const [early, late] = [0.1, 0.2].map((at) => level(response, at * RATE, (at + 0.05) * RATE));
    expect(Math.abs(decibels(early / late) - (60 * 0.1) / t60)).toBeLessThan(4); // decays by 60 dB in T60
    const heard = await under(name);
    expect(10 * Math.log10(activePower(heard) / activePower(speech))).toBeCloseTo(0, 1);
  });

  it.each([
    ["telephone", 3600],
    ["adpcm", 4100],
  ])("%s ends at half of 8 kHz", async (name, hertz) => {
    expect(shareAbove(hertz, speech)).toBeGreaterThan(0.4);
    expect(shareAbove(hertz, await under(name))).toBeLessThan(0.02);
  });

  it("codecs lose more, the fewer bits they have", async () => {
    const losses = [];
    for (const name of ["codec-24k", "codec-16k", "codec-8k"]) {
      const changed = await under(name);
      losses.push(level(changed.map((sample, n) => sample - speech[n])));
    }
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(losses[0]).toBeGreaterThan(0);
  });

  it("tempos change the length alone, pitches do not change it", async () => {
    const tone = Float32Array.from(
      { length: RATE },
      (_, n) => 0.5 * Math.sin((2 * Math.PI * 500 * n) / RATE),
    );
    const hertz = (samples: Float32Array): number => {
      const middle = samples.subarray(RATE / 4, RATE / 2);
      const rises = middle.filter((sample, n) => n > 0 && middle[n - 1] < 0 && sample >= 0).length;
      return rises * 4;
    };
    expect(await under("tempo-0.85", tone)).toHaveLength(Math.round(RATE / 0.85));
    expect(await under("tempo-1.2", tone)).toHaveLength(Math.round(RATE / 1.2));
    for (const [name, expected] of [
      ["tempo-0.85", 500],
      ["tempo-1.2", 500],
      ["pitch-2-up", 560],
      ["pitch-2-down", 445],
    ] as const)
      expect(Math.abs(hertz(await under(name, tone)) - expected)).toBeLessThan(12);
    expect(await under("pitch-2-up")).toHaveLength(speech.length);
  });

  it("clipped-10db cuts peaks off flat", async () => {
    const peak = Math.max(...speech.map(Math.abs));
    expect(decibels(Math.max(...(await under("clipped-10db"))) / peak)).toBeCloseTo(-10, 1);
  });

  it("speaker-behind-10db is one voice, again and again from where it begins", async () => {
    const changed = await under("speaker-behind-10db");
    const added = changed.map((sample, n) => sample - speech[n]);
    const gain = added[0] / voice.samples[77];
    for (const n of [1, 5000, 9000]) expect(added[n] / gain).toBeCloseTo(voice.samples[(77 + n) % 8000], 3);
  });

  it("are asked for by name, in the table's order, after clean", () => {
    expect(conditionsNamed(["telephone", "zeros-1s"]).map(({ name }) => name)).toEqual([
      "clean",
      "zeros-1s",
      "telephone",
    ]);
    expect(() => conditionsNamed(["zeros-1"])).toThrow(
      'There is no condition "zeros-1". Did you mean "zeros-1s"?',
    );
    expect(() => conditionsNamed(["underwater"])).toThrow("There are clean, zeros-1s, ");
  });
});

describe("a stress test", async () => {
  const folder = await mkdtemp(join(tmpdir(), "earshot-stress-"));
  const recognizer = await Recognizer.load(constantModel("a"), { threads: 1 }); // every recording is "a"
  afterAll(() => recognizer.close());
  afterAll(() => rm(folder, { recursive: true }));
  const row = (name: string, speaker: string, transcript = "a"): Utterance => ({
    path: join(folder, name),
    transcript,
    speaker,
    split: "test",
    where: `manifest.csv:${name}`,
  });
  const rows = [row("1.wav", "x", "a b"), row("2.wav", "y"), row("3.wav", "z"), row("4.wav", "x")];
  beforeAll(async () => {
    for (const [i, { path }] of rows.entries()) await writeFile(path, waveFile(sweep(0.2 + 0.1 * i)));
  });

  const heardOf = (source: Source) =>
    typeof source === "object" && "samples" in source ? print(source.samples) : source;

  /** Runs it, and gives what the recognizer was asked to hear, condition by condition. */
  async function heard(utterances: readonly Utterance[], conditions: string[], most?: number) {
    const sounds: Source[] = [];
    const listening = {
      model: recognizer.model,
      decode: recognizer.decode.bind(recognizer),
      async *logProbabilitiesAll(sources: AsyncIterable<Source>, options: object) {
        const asked: Source[] = [];
        for await (const source of sources) asked.push(source);
        sounds.push(...asked);
        yield* recognizer.logProbabilitiesAll(asked, options);
      },
    } as unknown as Recognizer;
    await stressTest(listening, utterances, { conditions, utterances: most });
    return { sounds: sounds.map(heardOf), sources: sounds };
  }

  it("has a row for each condition, clean first, as it is done", async () => {
    const done: string[] = [];
    const progress = new Set<string>();
    const { conditions, clean, failures } = await stressTest(recognizer, rows, {
      conditions: ["telephone", "babble-10db"],
      onCondition: ({ name }) => done.push(name),
      onProgress: ({ condition, total }) => progress.add(`${condition} of ${total}`),
    });
    const rates = { wer: 0.2, cer: expect.any(Number), words: 5 };
    expect(conditions).toEqual(["clean", "babble-10db", "telephone"].map((name) => ({ name, ...rates })));
    expect(done).toEqual(conditions.map(({ name }) => name));
    expect([...progress]).toEqual(done.map((name) => `${name} of 4`));
    expect(clean).toMatchObject({ wordErrors: 1, utterances: 4 });
    expect(failures).toEqual([]);
  });

  it("changes an utterance by its name, whatever the order and whatever else is tested", async () => {
    const conditions = ["white-10db", "babble-10db", "room-small", "speaker-behind-10db"];
    const { sounds: all } = await heard(rows, conditions);
    const { sounds: turned } = await heard(rows.toReversed(), conditions);
    for (let at = 0; at < all.length; at += rows.length)
      expect(turned.slice(at, at + rows.length)).toEqual(all.slice(at, at + rows.length).toReversed());
    const { sounds: alone } = await heard(rows, ["room-small"]);
    expect(alone.slice(4)).toEqual(all.slice(4 + 2 * 4, 4 + 3 * 4)); // after clean, white and babble
    const { sounds: noises } = await heard([rows[1], { ...rows[1], transcript: "b" }], ["white-10db"]);
    expect(noises[2]).not.toEqual(noises[3]);
  });

  it("tests the same sample each time, whatever the order", async () => {
    const { sounds } = await heard(rows, ["zeros-1s"], 2);
    const { sounds: turned } = await heard(rows.toReversed(), ["zeros-1s"], 2);
    expect(sounds).toHaveLength(4);
    expect(turned.slice(0, 2).toReversed()).toEqual(sounds.slice(0, 2));
    const { sounds: three } = await heard(rows, ["zeros-1s"], 3);
    expect(three.slice(0, 3)).toEqual(expect.arrayContaining(sounds.slice(0, 2)));
  });

  it("lets others talk behind, and of a single recording itself, backwards", async () => {
    const { sources } = await heard([rows[3]], ["speaker-behind-10db"]);
    const { samples } = sources[1] as { samples: Float32Array };
    const clean = sweep(0.5);
    const added = samples.map((sample, n) => sample - clean[n]);
    const backwards = clean.toReversed();
    const gain = level(added) / level(backwards);
    expect(Math.max(...added.map((sample, n) => Math.abs(sample - gain * backwards[n])))).toBeLessThan(1e-3);
  });

  it("lists a recording that fails once, and goes on without it", async () => {
    const missing = row("missing.wav", "x", "a a a");
    const { conditions, failures } = await stressTest(recognizer, [missing, ...rows], {
      conditions: ["zeros-1s", "white-0db"],
    });
    expect(failures).toMatchObject([{ utterance: missing, error: { code: "RECORDING_NOT_FOUND" } }]);
    expect(conditions.map(({ words }) => words)).toEqual([5, 5, 5]);
  });

  it("stops at a signal with its reason, and at a mistyped name before any work", async () => {
    const reason = new Error("enough");
    await expect(stressTest(recognizer, rows, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(stressTest(recognizer, [], { conditions: ["telefone"] })).rejects.toMatchObject({
      code: "UNKNOWN_CONDITION",
    });
  });
});
