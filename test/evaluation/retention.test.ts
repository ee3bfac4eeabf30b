// What a model lost of what another could do, on a test of both.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Utterance } from "../../src/data/index.ts";
import { measureRetention } from "../../src/evaluation/index.ts";
import { initializeWeights, type Architecture } from "../../src/network/index.ts";
import type { ModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { constantModel, untrainedModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-retention-"));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "1.wav"), waveFile(sweep(0.5)));

const utterance = (transcript: string, name = "1.wav"): Utterance => ({
  path: join(folder, name),
  transcript,
  speaker: "",
  split: "test",
  where: `m.csv:${transcript}`,
});
const open = async (model: ModelFile): Promise<Recognizer> => {
  const recognizer = await Recognizer.load(model, { threads: 1 });
  afterAll(() => recognizer.close());
  return recognizer;
};

describe("retention", () => {
  it("is the error rates of both, on what could be read", async () => {
    const [before, after] = [await open(constantModel("a")), await open(constantModel("b"))];
    const progress: string[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      void progress.push(`${done}/${total}`);
    const utterances = [utterance("A"), utterance("a b"), utterance("a", "gone.wav")];
    expect(await measureRetention({ before, after }, utterances, { onProgress })).toMatchObject({
      utterances: 2,
      before: { wer: 1 / 3, words: 3, cer: 2 / 4 },
      after: { wer: 2 / 3, words: 3, cer: 3 / 4 }, // "b" in the place of "a", and of "a b"
    });
    expect(progress).toEqual(["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
    expect(await measureRetention({ after }, utterances)).not.toHaveProperty("before");
  });

  it("is measured on texts as the first model spells them, which the second may not be able to", async () => {
    const model = untrainedModel();
    const architecture: Architecture = { ...model.architecture, symbols: 3 };
    const weights = initializeWeights(architecture, 1);
    const few = { ...model, architecture, weights, alphabet: Alphabet.fromSymbols(["x", " "]) };
    const [before, after] = [await open(constantModel("a")), await open(few)];
    const { utterances, after: rates } = await measureRetention({ before, after }, [utterance("a")]);
    expect(utterances).toBe(1);
    expect(rates).toMatchObject({ wer: 1, words: 1 });
    await expect(measureRetention({ after }, [utterance("a")])).rejects.toMatchObject({
      code: "UNKNOWN_SYMBOL",
    });
  });

  it("says why nothing was measured", async () => {
    const after = await open(constantModel("a"));
    await expect(measureRetention({ after }, [utterance("a", "gone.wav")])).rejects.toMatchObject({
      code: "NOTHING_TO_TEST",
    });
  });
});
