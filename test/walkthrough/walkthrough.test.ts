import { describe, expect, it } from "vitest";
import { featureSettings, featureSize, frameValues } from "../../src/audio/index.ts";
import { BeamDecoder } from "../../src/ctc/index.ts";
import { TrainedModel, type ModelFile } from "../../src/model/index.ts";
import { dense, lecunNormal, registerNetwork } from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { z } from "../../src/settings.ts";
import { Alphabet } from "../../src/text/index.ts";
import { secondsOf, spellingPaths, Walkthrough } from "../../src/walkthrough/index.ts";
import { everyText, randomRows } from "../ctc/texts.ts";
import { collapse } from "../ctc/oracles.ts";
import { forwardModel, untrainedModel } from "../model/small-model.ts";
import { sweep } from "../recognizer/wave-file.ts";

const withNetwork = (network: Record<string, unknown>): ModelFile =>
  forwardModel({ normalization: "utterance" }, network);

const MODELS: [string, ModelFile][] = [
  ["deep-speech", untrainedModel()],
  ["deep-speech-2", withNetwork({ name: "deep-speech-2", width: 8, channels: 2, recurrentLayers: 2 })],
  ["deep-speech-forward", withNetwork({ name: "deep-speech-forward", width: 8 })],
  ["deep-speech-streaming", withNetwork({ name: "deep-speech-streaming", width: 8 })],
  ["conformer", withNetwork({ name: "transformer", block: "conformer", width: 8, heads: 2, layers: 2 })],
];

describe("a walk through a network", () => {
  it.each(MODELS)(
    "has the rows of the recognizer's model, and layers in step with them: %s",
    async (_, file) => {
      const samples = sweep(0.6);
      const model = await TrainedModel.open(file, { threads: 1 });
      const walkthrough = await Walkthrough.open(file, { threads: 1 });
      const walk = await walkthrough.walk(samples, { texts: 3 });
      const [rows] = await model.logProbabilities([model.prepare(samples)]);
      expect(walk.logProbabilities.length).toBe(rows.length);
      rows.forEach((value, i) => expect(Math.abs(walk.logProbabilities[i] - value)).toBeLessThan(1e-4));
      expect(walk.steps).toBe(Math.ceil(walk.frames.frames / walkthrough.stride));
      expect(walk.layers.length).toBeGreaterThan(1);
      for (const layer of walk.layers) {
        expect(layer.rows % walk.steps).toBe(0);
        expect(layer.values.length).toBe(layer.rows * layer.units);
        expect(layer.largest).toBe(Math.max(...layer.values));
        if (layer.ceiling === undefined) continue;
        const zeros = layer.values.filter((value) => value === 0).length;
        expect(layer.zeroShare).toBeCloseTo(zeros / layer.values.length, 9);
      }
      expect(walk.beam).toHaveLength(walk.steps);
      expect(walk.text).toBe(new BeamDecoder(file.alphabet).decode(walk.logProbabilities)[0].text);
      expect(file.alphabet.decode(collapse([...walk.bestPath], file.alphabet.blank))).toBe(walk.greedyText);
      await Promise.all([model.close(), walkthrough.close()]);
    },
  );

  it("has nothing but samples of silence", async () => {
    const walkthrough = await Walkthrough.open(untrainedModel(), { threads: 1 });
    const walk = await walkthrough.walk(new Float32Array(8000));
    expect([walk.steps, walk.layers, walk.beam, walk.text, walk.greedyText]).toEqual([0, [], [], "", ""]);
    await walkthrough.close();
  });

  it("takes a network that records nothing: only the layers are missing", async () => {
    registerNetwork({
      name: "unrecorded",
      settings: z.strictObject({}),
      create: () => ({
        stride: 1,
        lookAhead: 0,
        states: [],
        build: (layers, { frames }, symbols) => ({
          logits: dense(layers, frames, symbols, "h", lecunNormal),
          states: [],
        }),
      }),
    });
    const walkthrough = await Walkthrough.open(withNetwork({ name: "unrecorded" }), { threads: 1 });
    const walk = await walkthrough.walk(sweep(0.3));
    expect([walkthrough.context, walk.layers]).toEqual([undefined, []]);
    expect(walk.steps).toBe(walk.frames.frames);
    expect(secondsOf(walk)).toBeCloseTo(0.3, 9);
    await walkthrough.close();
  });
});

const letters = Alphabet.fromSymbols(["a", "b"]);

describe("the paths that spell a text", () => {
  const rows = randomRows(new RandomStream("walk"), 6, letters.size);

  it.each(["", "a", "ab", "aa", "abba"])("cost what all of them add up to, and are as many: %o", (text) => {
    const paths = spellingPaths(rows, text, letters)!;
    expect(-paths.loss).toBeCloseTo(everyText(rows, letters).get(text)!, 6);
    const all = Array.from({ length: 3 ** 6 }, (_, code) =>
      Array.from({ length: 6 }, (_step, t) => Math.floor(code / 3 ** t) % 3),
    );
    const spelling = all.filter((path) => letters.decode(collapse(path, letters.blank)) === text);
    expect(10 ** paths.logCount).toBeCloseTo(spelling.length, 6);
  });

  it("share each step among the states", () => {
    const { path, shares } = spellingPaths(rows, "ab", letters)!;
    for (let t = 0; t < 6; t++)
      expect(shares.subarray(t * path.length, (t + 1) * path.length).reduce((a, b) => a + b)).toBeCloseTo(
        1,
        6,
      );
  });

  it("are none of a text that does not fit", () => {
    expect(spellingPaths(rows, "aaaa", letters)).toBeUndefined();
    expect(spellingPaths(new Float32Array(0), "", letters)).toBeUndefined();
  });
});

describe("the beam, watched", () => {
  it("adds up all paths of each text at each step, as far as it has come", () => {
    const rows = randomRows(new RandomStream("watched"), 5, letters.size);
    const steps = new BeamDecoder(letters, { beam: 1000, beta: 0 }).steps(rows, 1000);
    for (const [t, { texts, size }] of steps.entries()) {
      const expected = everyText(rows.subarray(0, (t + 1) * letters.size), letters);
      expect(size).toBe(texts.length);
      expect(new Map(texts.map(({ text, total }) => [text, Number(total.toFixed(5))]))).toEqual(
        new Map([...expected].map(([text, total]) => [text, Number(total.toFixed(5))])),
      );
      for (const { blank, label, total, rank } of texts) {
        expect(Math.exp(blank) + Math.exp(label)).toBeCloseTo(Math.exp(total), 9);
        expect(rank).toBe(total);
      }
      expect(texts.map((text) => text.rank)).toEqual(
        texts.map((text) => text.rank).toSorted((a, b) => b - a),
      );
    }
  });

  it("gives no more texts than asked for", () => {
    const rows = randomRows(new RandomStream("watched"), 5, letters.size);
    expect(new BeamDecoder(letters).steps(rows, 2).at(-1)!.texts).toHaveLength(2);
  });
});

describe("what the numbers of a frame are", () => {
  it.each([{ kind: "log-mel" }, { kind: "linear" }, { kind: "mfcc", deltas: 2 }])("%o", (given) => {
    const settings = featureSettings.parse({ bins: 20, ...given });
    const values = frameValues(settings);
    expect(values).toHaveLength(featureSize(settings));
    const hertz = values.flatMap((value) => value.hertz ?? []);
    expect(hertz).toEqual(hertz.toSorted((a, b) => a - b));
    expect(values.at(-1)).toMatchObject(
      given.kind === "linear" ? { kind: "energy", delta: 0 } : { delta: given.deltas ?? 0 },
    );
  });
});
