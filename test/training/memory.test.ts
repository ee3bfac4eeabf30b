// Training without a disk and without a thread of its own is the ordinary training.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModelFile, readModelFile } from "../../src/model/index.ts";
import { memoryFolder, openFolder, type Folder } from "../../src/platform/index.ts";
import { startRun, type TrainingEvent } from "../../src/training/index.ts";
import { remains, smallRun, trainIn, type SmallRun } from "./memory-run.ts";

let folder: string;
let small: SmallRun;
let inMemory: Folder;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-memory-run-"));
  small = await smallRun(folder, { train: 8, dev: 2 }, { epochs: 2, accumulate: 2, log: ["csv"], keep: 1 });
  inMemory = memoryFolder();
  await trainIn(inMemory, small);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ordinary = () => join(folder, "ordinary");

describe("a run in memory, with its train step in the same thread", () => {
  it("ends with the weights, the model and the log of the ordinary run, bit for bit", async () => {
    const { manifests, settings } = small;
    await startRun({ manifests, settings, out: ordinary() });
    expect(await remains(inMemory)).toEqual(await remains(openFolder(ordinary())));
  });

  it("interrupted and continued ends with the same", async () => {
    const controller = new AbortController();
    const broken = memoryFolder();
    const onEvent = ({ type }: TrainingEvent) => type === "batch" && controller.abort(new Error("stop here"));
    const run = trainIn(broken, small, { signal: controller.signal, onEvent });
    await expect(run).rejects.toThrow("stop here");
    await trainIn(broken, small);
    expect(await remains(broken)).toEqual(await remains(inMemory));
  });

  it("continued on disk, and a run of the disk continued in memory, are the same run", async () => {
    const moved = memoryFolder();
    for (const name of ["run.json", "log.jsonl", "checkpoint.safetensors", "model.safetensors", "log.csv"])
      await moved.replace(name, readFileSync(join(ordinary(), name)));
    const events: string[] = [];
    await trainIn(moved, small, { onEvent: ({ type }) => void events.push(type) });
    expect(events.filter((type) => type !== "prepare")).toEqual(["start", "done"]); // it had finished
    expect((await remains(moved)).state).toEqual((await remains(inMemory)).state);
  });

  it("begins with a model in memory as with that of a path, and goes on before its first batch", async () => {
    const bytes = (await inMemory.read("model.safetensors"))!;
    const path = join(folder, "initial.safetensors");
    await openFolder(folder).replace("initial.safetensors", bytes);
    const [fromPath, fromMemory] = [memoryFolder(), memoryFolder()];
    await trainIn(fromPath, { ...small, settings: { ...small.settings, initialModel: path } });
    const initialModel = readModelFile(bytes, "memory");
    const batchStart = () => {
      throw new Error("killed");
    };
    const killed = trainIn(
      fromMemory,
      { ...small, initialModel },
      { callbacks: [{ name: "kill", batchStart }] },
    );
    await expect(killed).rejects.toThrow("killed");
    expect(initialModel.weights).toEqual((await loadModelFile(path)).weights);
    await trainIn(fromMemory, small);
    expect(await remains(fromMemory)).toEqual(await remains(fromPath));
  });

  it("trains on the utterances that it is given, whatever its manifests hold", async () => {
    const utterances = small.corpus.utterances.filter(({ split }, i) => split === "dev" || i < 4);
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => void events.push(event);
    await trainIn(memoryFolder(), { ...small, corpus: { ...small.corpus, utterances } }, { onEvent });
    expect(events.find(({ type }) => type === "start")).toMatchObject({ utterances: 4, devUtterances: 2 });
  });
});
