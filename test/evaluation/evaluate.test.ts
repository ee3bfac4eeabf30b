import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Utterance } from "../../src/data/index.ts";
import { evaluate } from "../../src/evaluation/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-evaluation-"));
afterAll(() => rm(folder, { recursive: true }));

const utterance = (name: string, transcript: string): Utterance => ({
  path: join(folder, name),
  transcript,
  speaker: "",
  split: "test",
  where: `manifest.csv:${name}`,
});

describe("an evaluation", async () => {
  const recognizer = await Recognizer.load(constantModel("a"), { threads: 1 }); // every recording is "a"
  afterAll(() => recognizer.close());
  await writeFile(join(folder, "1.wav"), waveFile(sweep(0.5)));
  await writeFile(join(folder, "2.wav"), waveFile(sweep(0.25)));
  const utterances = [utterance("1.wav", "A b"), utterance("2.wav", "a")];

  it("counts errors against references spelled by the model's policy", async () => {
    const progress: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => progress.push(done / total);
    const { pairs, ...rates } = await evaluate(recognizer, utterances, { onProgress });
    expect(pairs).toEqual([
      { utterance: utterances[0], reference: "a b", hypothesis: "a", loss: expect.any(Number) },
      { utterance: utterances[1], reference: "a", hypothesis: "a", loss: expect.any(Number) },
    ]);
    expect(pairs[0].loss).toBeGreaterThan(pairs[1].loss);
    expect(rates).toEqual({
      wer: 1 / 3,
      cer: 2 / 4,
      words: 3,
      wordErrors: 1,
      characters: 4,
      characterErrors: 2,
      utterances: 2,
      seconds: 0.75,
      failures: [],
    });
    expect(progress).toEqual([0.5, 1]);
  });

  it("gives each reference its loss in nats, and infinity where there are too few steps for it", async () => {
    const { model } = recognizer;
    const [rows] = await model.logProbabilities([model.prepare(sweep(0.25))]);
    const steps = rows.length / model.alphabet.size;
    const long = utterance("2.wav", "ab".repeat(steps));
    const { pairs } = await evaluate(recognizer, [utterances[1], long]);
    const always = steps * Math.log(1 + 28 * Math.exp(-10)); // "a" at every step, of logits 10, 0, 0 …
    expect(pairs.map(({ loss }) => loss)).toEqual([expect.closeTo(always, 3), Infinity]);
  });

  it("takes features from a cache when it is given one", async () => {
    const asked: string[] = [];
    const sourceOf = async ({ transcript }: Utterance) => {
      asked.push(transcript);
      return { frames: recognizer.model.prepare(sweep(0.5)).views[0] };
    };
    const { wer } = await evaluate(recognizer, [utterance("nowhere.wav", "a")], { sourceOf });
    expect({ wer, asked }).toEqual({ wer: 0, asked: ["a"] });
  });

  it("leaves a recording that cannot be read out of the rates, and tells of it", async () => {
    const missing = utterance("missing.wav", "a a a");
    const { failures, ...rates } = await evaluate(recognizer, [missing, ...utterances]);
    expect(failures).toMatchObject([{ utterance: missing, error: { code: "RECORDING_NOT_FOUND" } }]);
    expect(rates).toMatchObject({ utterances: 2, words: 3, wordErrors: 1 });
  });

  it("refuses to call nothing perfect", async () => {
    await expect(evaluate(recognizer, [])).rejects.toMatchObject({ code: "NOTHING_TO_TEST" });
    await expect(evaluate(recognizer, [utterance("missing.wav", "a")])).rejects.toThrow(
      "No recording could be read. There is no such file.",
    );
  });

  it("leaves a reference that the alphabet cannot spell out of the rates, and tells of it", async () => {
    const digit = utterance("1.wav", "7");
    const { failures, ...rates } = await evaluate(recognizer, [digit, ...utterances]);
    expect(failures).toMatchObject([
      { utterance: digit, error: { code: "UNKNOWN_SYMBOL", where: "manifest.csv:1.wav" } },
    ]);
    expect(rates).toMatchObject({ utterances: 2, words: 3, wordErrors: 1 });
  });

  it("names the row when there is none whose reference the alphabet can spell", async () => {
    await expect(evaluate(recognizer, [utterance("1.wav", "7")])).rejects.toMatchObject({
      code: "UNKNOWN_SYMBOL",
      where: "manifest.csv:1.wav",
    });
  });

  it("stops at a signal with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(evaluate(recognizer, utterances, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
