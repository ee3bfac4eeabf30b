// What a learner's saved model has beside weights, and where it does not go.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Learner } from "../../src/learner/index.ts";
import { ModelSession } from "../../src/learner/model-session.ts";
import { loadModelFile, saveModelFile } from "../../src/model/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { untrainedModel } from "../model/small-model.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-saved-"));
afterAll(() => rmSync(folder, { recursive: true }));
const manifest = join(folder, "speech.csv");
writeFileSync(manifest, "path,transcript\na.wav,hello\n");
const decoding = { decoder: { alpha: 1.5, beam: 20 }, languageModel: Uint8Array.of(1, 2, 3) };
const model = { ...untrainedModel(), ...decoding };
const path = join(folder, "model.safetensors");
await saveModelFile(path, model);

describe("A learner's saved model", () => {
  it("is the one that it was loaded from, with what that has for decoding", async () => {
    const learner = await Learner.load(path, { data: manifest, quiet: true });
    const again = join(folder, "again.safetensors");
    await learner.save(again);
    await learner.close();
    expect(readFileSync(again)).toEqual(readFileSync(path));
    expect(await loadModelFile(again)).toMatchObject(decoding);
  });

  it("keeps after a fit what the model had for decoding, unless its alphabet is another", async () => {
    const session = (given = model) =>
      new ModelSession(
        { model: given, isTrained: true },
        undefined as never,
        { engine: "auto", threads: 1 } as never,
      );
    const fitted = session();
    await fitted.replace(untrainedModel(2));
    expect(fitted.model).toEqual({ ...untrainedModel(2), ...decoding });
    const other = session();
    const alphabet = Alphabet.fromSymbols([..."zyxwvutsrqponmlkjihgfedcba '"]);
    await other.replace({ ...untrainedModel(2), alphabet });
    expect(other.model).not.toHaveProperty("decoder");
  });

  it("does not go where it cannot, nor over the data", async () => {
    const learner = await Learner.load(path, { data: manifest, quiet: true });
    const refused: [unknown, string][] = [
      [manifest, "OUTPUT_IS_INPUT"],
      [folder, "FILE_SYSTEM"],
      [join(folder, "nowhere/model.safetensors"), "FILE_SYSTEM"],
      [undefined, "INVALID_SETTING"],
      ["", "INVALID_SETTING"],
    ];
    for (const [given, code] of refused)
      await expect(learner.save(given as string)).rejects.toMatchObject({ code });
    expect(readFileSync(manifest, "utf8")).toBe("path,transcript\na.wav,hello\n");
    await learner.close();
  });

  it("is what a learner begins with that names it in its settings, in that model's network", async () => {
    const settings = { initialModel: path };
    const learner = await Learner.create({ data: manifest, quiet: true, settings });
    expect(learner.settings.network).toEqual(model.architecture.network);
    await learner.save(join(folder, "begun.safetensors"));
    await learner.close();
    expect((await loadModelFile(join(folder, "begun.safetensors"))).weights).toEqual(model.weights);
    const wide = Learner.create({ data: manifest, quiet: true, settings, width: 9 });
    await expect(wide).rejects.toMatchObject({ code: "INITIAL_MODEL_MISMATCH" });
    const loaded = Learner.load(path, { data: manifest, quiet: true, settings: { network: { width: 9 } } });
    await expect(loaded).rejects.toMatchObject({ code: "INITIAL_MODEL_MISMATCH" });
  });
});
