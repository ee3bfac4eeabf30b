// What a resumed run may meet in its folder: a finished run, another process, files edited by hand, damaged or written
// half, a disk without room. Each ends with a named error or goes on exactly; the last good checkpoint stays.

import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModelFile, readSafetensors, writeSafetensors } from "../../src/model/index.ts";
import type { TrainingEvent } from "../../src/training/index.ts";
import type { TensorData } from "../../src/tensor.ts";
import { resume, train } from "./in-this-thread.ts";
import { smallSettings, writeSmallManifest } from "./recordings.ts";

let folder: string;
let manifests: string[];
const run = (name: string) => join(folder, name);
const bytes = (name: string, file: string) => readFileSync(join(run(name), file));
const checkpointOf = (name: string) => readSafetensors(bytes(name, "checkpoint.safetensors"), name);
const tensorsOf = (name: string) => checkpointOf(name).tensors;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-resume-"));
  manifests = [writeSmallManifest(folder, { train: 6, dev: 2 })];
  await train({ manifests, settings: { ...smallSettings(folder), epochs: 2 }, out: run("whole") });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run of its own, as the finished one. */
function copied(name: string): string {
  cpSync(run("whole"), run(name), { recursive: true });
  return run(name);
}

function editCheckpoint(
  name: string,
  edit: (tensors: Map<string, TensorData>, metadata: Record<string, string>) => void,
): string {
  const directory = copied(name);
  const tensors = new Map(tensorsOf(name));
  const metadata = { ...checkpointOf(name).metadata };
  edit(tensors, metadata);
  writeFileSync(join(directory, "checkpoint.safetensors"), writeSafetensors(tensors, metadata));
  return directory;
}

function editSettings(name: string, edit: (settings: Record<string, unknown>) => void): string {
  const directory = copied(name);
  const file = JSON.parse(bytes(name, "run.json").toString()) as { settings: Record<string, unknown> };
  edit(file.settings);
  writeFileSync(join(directory, "run.json"), JSON.stringify(file));
  return directory;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: { code?: unknown }) => error.code,
  );

describe("a resumed run", () => {
  it("that had finished ends at once with the same model", async () => {
    const events: TrainingEvent[] = [];
    const directory = copied("finished");
    await resume({ directory, onEvent: (event) => events.push(event) });
    expect(events.map(({ type }) => type).filter((type) => type !== "prepare")).toEqual(["start", "done"]);
    expect(bytes("finished", "checkpoint.safetensors")).toEqual(bytes("whole", "checkpoint.safetensors"));
  });

  it("that had finished goes on when its epochs were raised", async () => {
    const directory = editSettings("longer", (settings) => (settings.epochs = 3));
    await resume({ directory });
    expect(JSON.parse(checkpointOf("longer").metadata.progress)).toMatchObject({ epoch: 3 });
  });

  it("that has lost its model writes the last weights when it is done, and the best from then on before", async () => {
    const events: TrainingEvent[] = [];
    const directory = copied("modelless");
    rmSync(join(directory, "model.safetensors"));
    await resume({ directory, onEvent: (event) => events.push(event) });
    expect(events).toContainEqual(expect.objectContaining({ type: "warning", code: "MODEL_GONE" }));
    const { weights } = readModelFile(bytes("modelless", "model.safetensors"), "modelless");
    expect(weights.get("h2.bias")!.data).toEqual(tensorsOf("modelless").get("weight.h2.bias")!.data);

    const longer = editSettings("modelless longer", (settings) => (settings.epochs = 3));
    rmSync(join(longer, "model.safetensors"));
    await resume({ directory: longer });
    expect(JSON.parse(checkpointOf("modelless longer").metadata.progress)).toMatchObject({
      best: { epoch: 3 },
    });
    expect(existsSync(join(longer, "model.safetensors"))).toBe(true);
  });

  it.each([
    ["has no dev loss of the best epoch", { epoch: 1, metrics: { devWer: 1, devCer: 1 } }],
    ["has no figures of the best epoch", { epoch: 1, metrics: {} }],
    ["has no best epoch", undefined],
  ])("goes on from an old checkpoint that %s", async (lack, best) => {
    const name = `old, ${lack}`;
    const directory = editCheckpoint(name, (_, metadata) => {
      metadata.progress = JSON.stringify({ ...JSON.parse(metadata.progress), best });
    });
    const file = JSON.parse(bytes(name, "run.json").toString()) as { settings: Record<string, unknown> };
    file.settings.epochs = 3;
    writeFileSync(join(directory, "run.json"), JSON.stringify(file));
    await resume({ directory });
    const progress = JSON.parse(checkpointOf(name).metadata.progress);
    expect(progress).toMatchObject({ epoch: 3, best: { epoch: 3, metrics: { devWer: expect.any(Number) } } });
  });

  it("whose patience had ended does not train on", async () => {
    const settings = { ...smallSettings(folder), epochs: 9, patience: 1, schedule: { peak: 1e-30 } };
    await train({ manifests, settings, out: run("patient") });
    const ended = tensorsOf("patient");
    expect(JSON.parse(checkpointOf("patient").metadata.progress)).toMatchObject({ epoch: 2 });
    await resume({ directory: run("patient") });
    expect(tensorsOf("patient")).toEqual(ended);
  });

  it("removes what a killed process wrote half", async () => {
    const directory = copied("litter");
    writeFileSync(join(directory, ".checkpoint.safetensors.12345.part"), "half");
    await resume({ directory });
    expect(readdirSync(directory).toSorted()).toEqual(readdirSync(run("whole")).toSorted());
  });

  it("takes over from a process that died", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const directory = copied("orphan");
    writeFileSync(join(directory, "run.lock"), `${pid}`);
    await resume({ directory });
    expect(existsSync(join(directory, "run.lock"))).toBe(false);
  });

  it("keeps its last checkpoint when the next cannot be written, and goes on from there", async () => {
    const settings = { ...smallSettings(folder), epochs: 2 };
    const part = join(run("full"), `.checkpoint.safetensors.${process.pid}.part`);
    const onEvent = ({ type }: TrainingEvent) => {
      if (type === "checkpoint") mkdirSync(part); // in the way of the next one, as a full disk is
    };
    await expect(train({ manifests, settings, out: run("full"), onEvent })).rejects.toMatchObject({
      code: "FILE_SYSTEM",
      where: join(run("full"), "checkpoint.safetensors"),
    });
    expect(JSON.parse(checkpointOf("full").metadata.progress)).toMatchObject({ epoch: 1 });
    rmSync(part, { recursive: true });
    await resume({ directory: run("full") });
    expect(tensorsOf("full")).toEqual(tensorsOf("whole"));
  });
});

describe("a resumed run refuses", () => {
  it("a folder into which another process trains", async () => {
    const directory = copied("busy");
    writeFileSync(join(directory, "run.lock"), `${process.ppid}`);
    await expect(resume({ directory })).rejects.toMatchObject({
      code: "RUN_BUSY",
      problem: expect.stringContaining(`${process.ppid}`),
    });
    expect(bytes("busy", "log.jsonl")).toEqual(bytes("whole", "log.jsonl"));
  });

  it.each(["checkpoint.safetensors", "checkpoint.safetensors and log.jsonl"])(
    "a folder that has lost its %s, and leaves all else as it is",
    async (lost) => {
      const directory = copied(`lost ${lost}`);
      for (const name of lost.split(" and ")) rmSync(join(directory, name));
      const before = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]);
      expect(await codeOf(resume({ directory }))).toBe("MISSING_CHECKPOINT");
      expect(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))])).toEqual(
        before,
      );
    },
  );

  it("progress that is damaged", async () => {
    const damages = ["", "not JSON", "null", "[]", '{"epoch":1}', '{"epoch":-1}'];
    for (const [i, progress] of damages.entries()) {
      const directory = editCheckpoint(`progress${i}`, (_, metadata) => (metadata.progress = progress));
      expect(await codeOf(resume({ directory })), progress).toBe("NOT_A_CHECKPOINT");
    }
  });

  it("weights of another number format", async () => {
    const directory = editCheckpoint("float64", (tensors) => {
      const { dims, data } = tensors.get("weight.h6.bias")!;
      tensors.set("weight.h6.bias", { type: "float64", dims, data: Float64Array.from(data as Float32Array) });
    });
    expect(await codeOf(resume({ directory }))).toBe("NOT_A_CHECKPOINT");
  });

  it("a checkpoint that lacks a weight or a slot, or has one too many", async () => {
    const one: TensorData = { type: "float32", dims: [1], data: Float32Array.of(1) };
    const edits: Record<string, (tensors: Map<string, TensorData>) => void> = {
      weight: (tensors) => tensors.delete("weight.h2.bias"),
      slot: (tensors) => tensors.delete("slot1.h2.bias"),
      short: (tensors) => tensors.set("slot0.h2.bias", one),
      stranger: (tensors) => tensors.set("weight.h9", one),
    };
    for (const [name, edit] of Object.entries(edits)) {
      expect(await codeOf(resume({ directory: editCheckpoint(name, edit) })), name).toBe("SETTINGS_CHANGED");
    }
  });

  it("a run.json with another network or optimizer, with wrong values, or that is no JSON", async () => {
    const network = editSettings("wider", (settings) => (settings.network = { width: 25, context: 2 }));
    expect(await codeOf(resume({ directory: network }))).toBe("SETTINGS_CHANGED");
    const optimizer = editSettings("other", (settings) => (settings.optimizer = { name: "nesterov" }));
    expect(await codeOf(resume({ directory: optimizer }))).toBe("SETTINGS_CHANGED");
    const wrong = editSettings("wrong", (settings) => (settings.epochs = "many"));
    expect(await codeOf(resume({ directory: wrong }))).toBe("INVALID_SETTING");
    writeFileSync(join(wrong, "run.json"), '{"manifests":[');
    expect(await codeOf(resume({ directory: wrong }))).toBe("NOT_A_RUN");
  });

  it("to begin once the signal is aborted, and leaves everything as it was", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    const settings = smallSettings(folder);
    await expect(train({ manifests, settings, out: run("unborn"), signal })).rejects.toThrow("too late");
    expect(existsSync(run("unborn"))).toBe(false);
    await expect(resume({ directory: run("whole"), signal })).rejects.toThrow("too late");
  });
});
