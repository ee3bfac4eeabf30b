import { afterAll, describe, expect, it } from "vitest";
import { streamDelayMs, TrainedModel } from "../../src/model/index.ts";
import { RandomStream } from "../../src/random.ts";
import { sweep } from "../recognizer/wave-file.ts";
import { forwardModel, untrainedModel } from "./small-model.ts";

async function streamed(model: TrainedModel, pieces: readonly Float32Array[]): Promise<number[]> {
  const stream = model.openStream!();
  const rows: number[] = [];
  for (const piece of pieces) rows.push(...(await stream.push(piece)));
  return [...rows, ...(await stream.finish())];
}

/** Cuts at random places: some pieces are empty, some hold many frames. */
function cutAtRandom(samples: Float32Array, seed: number): Float32Array[] {
  const random = new RandomStream(seed, "cuts");
  const pieces: Float32Array[] = [];
  for (let at = 0; at < samples.length;) {
    const length = Math.floor(3000 * random.uniform() ** 3);
    pieces.push(samples.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

describe.each(["none", "global", "causal"])(
  "a stream of a forward network, normalization %s",
  async (normalization) => {
    const model = await TrainedModel.open(forwardModel({ normalization, deltas: 1 }), { threads: 1 });
    afterAll(() => model.close());

    it.each([
      ["whole", (samples: Float32Array) => [samples]],
      ["in pieces of one hop", (samples: Float32Array) => cutEvery(samples, 160)],
      [
        "in pieces of 7 and 100 hops",
        (samples: Float32Array) => [
          ...cutEvery(samples.subarray(0, 5600), 1120),
          ...cutEvery(samples.subarray(5600), 16_000),
        ],
      ],
      ["cut at random", (samples: Float32Array) => cutAtRandom(samples, 3)],
    ])("%s gives the rows of the whole recording, to 1e-5", async (_, cut) => {
      const samples = sweep(1.3);
      const [whole] = await model.logProbabilities([model.prepare(samples)]);
      const rows = await streamed(model, cut(samples));
      expect(rows).toHaveLength(whole.length);
      rows.forEach((value, i) =>
        expect(Math.abs(value - whole[i])).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(whole[i]))),
      );
    });

    it("gives rows before the recording ends, and none of nothing", async () => {
      const stream = model.openStream!();
      const early = await stream.push(sweep(1));
      expect(early.length / model.alphabet.size).toBeGreaterThan(40);
      expect(await streamed(model, [])).toEqual([]);
    });

    it("fills up a recording shorter than a window, as a whole one", async () => {
      const samples = sweep(0.01);
      const [whole] = await model.logProbabilities([model.prepare(samples)]);
      expect(await streamed(model, [samples])).toEqual([...whole]);
    });
  },
);

describe("a model computed in bytes", () => {
  const open = (precision: "float32" | "int8") =>
    TrainedModel.open(forwardModel({}, { name: "deep-speech-streaming", width: 64 }), {
      threads: 1,
      precision,
    });
  const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

  it("gives rows near those of float32, the same alone, beside a louder one, and streamed", async () => {
    const [exact, bytes] = [await open("float32"), await open("int8")];
    const samples = sweep(0.7).map((sample) => 0.05 * sample);
    const [whole] = await bytes.logProbabilities([bytes.prepare(samples)]);
    const [expected] = await exact.logProbabilities([exact.prepare(samples)]);
    expect(farthest(whole, expected)).toBeGreaterThan(1e-5);
    expect(farthest(whole, expected)).toBeLessThan(0.1);
    const [beside] = await bytes.logProbabilities([samples, sweep(1.3)].map((one) => bytes.prepare(one)));
    // A number that lies between two bytes may fall to either side, where float32 rounds a sum otherwise.
    expect(farthest(beside, whole)).toBeLessThan(0.1 * farthest(whole, expected));
    const rows = await streamed(bytes, cutAtRandom(samples, 5));
    expect(rows).toHaveLength(whole.length);
    expect(farthest(rows, whole)).toBeLessThan(0.1 * farthest(whole, expected));
    await Promise.all([exact.close(), bytes.close()]);
  });
});

it("a model computes in float32 or int8 and nothing else", async () => {
  const precision = "int4" as "int8";
  await expect(TrainedModel.open(untrainedModel(), { precision })).rejects.toMatchObject({
    code: "INVALID_SETTING",
    where: "precision",
    problem: 'It is "int4"; a model computes in "float32" or "int8".',
    remedy: "Give one of them, or leave it out.",
  });
});

describe("a stream of a model that was closed", () => {
  it.each([
    ["before its first frame", 0],
    ["between two pushes", 0.5],
  ])("%s gives no more rows, and loads no program that nobody would free", async (_, seconds) => {
    const model = await TrainedModel.open(forwardModel(), { threads: 1 });
    const stream = model.openStream!();
    await stream.push(sweep(seconds));
    await model.close();
    await expect(stream.push(sweep(0.5))).rejects.toMatchObject({ code: "PROGRAM_CLOSED" });
  });
});

const cutEvery = (samples: Float32Array, length: number): Float32Array[] =>
  Array.from({ length: Math.ceil(samples.length / length) }, (_, i) =>
    samples.subarray(i * length, (i + 1) * length),
  );

describe("a model that needs the whole recording", () => {
  it.each([
    ["its network", untrainedModel()],
    ["its normalization", forwardModel({ normalization: "utterance" })],
    ["its level", forwardModel({ level: "utterance" })],
  ])("for %s has no stream", async (_, file) => {
    const model = await TrainedModel.open(file, { threads: 1 });
    expect(model.openStream).toBeUndefined();
    expect(streamDelayMs(file)).toBeUndefined();
    await model.close();
  });
});

it("live text is behind its sound by a step and what network and deltas look ahead to", () => {
  expect(streamDelayMs(forwardModel())).toBe((2 + 4) * 10);
  expect(streamDelayMs(forwardModel({ hopMs: 20, deltas: 2, deltaFrames: 3 }))).toBe((2 + 4 + 2 * 3) * 20);
});
