// A checkpoint is written while training goes on: the next update computes beside it, the log stays in order, and a run that ends
// for whatever reason ends with it whole.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readSafetensors } from "../../src/model/index.ts";
import { memoryFolder, type Folder } from "../../src/platform/index.ts";
import type { Callback, TrainingEvent } from "../../src/training/index.ts";
import { smallRun, trainIn, type SmallRun } from "./memory-run.ts";

vi.mock("../../src/engine/index.ts", async (original) =>
  (await import("./kept-programs.ts")).keptPrograms(original),
);

let folder: string;
let small: SmallRun;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-saving-"));
  small = await smallRun(
    folder,
    { train: 3, dev: 1 },
    {
      epochs: 2,
      checkpointSeconds: 0,
      network: { width: 2, context: 0 },
      data: { maxUtterances: 1, workers: 1 },
    },
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In which a checkpoint is written once `ready` says so. */
function slowFolder(ready: () => Promise<unknown>): Folder {
  const inner = memoryFolder();
  const write = inner.replace.bind(inner);
  const replace: Folder["replace"] = async (name, content) => {
    if (name === "checkpoint.safetensors") await ready();
    await write(name, content);
  };
  return Object.assign(inner, { replace });
}

const stepIn = async (own: Folder): Promise<unknown> => {
  const bytes = (await own.read("checkpoint.safetensors")) ?? expect.fail("there is no checkpoint");
  return (JSON.parse(readSafetensors(bytes, "checkpoint").metadata.progress) as { step: number }).step;
};

it("the next update begins while it is written, and is logged behind it", async () => {
  let begin: () => void;
  const second = new Promise<void>((resolve) => (begin = resolve));
  const callback: Callback = { name: "second", batchStart: ({ step }) => void (step === 1 && begin()) };
  const lines: string[] = [];
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "batch" || event.type === "checkpoint") lines.push(`${event.type} ${event.step}`);
  };
  await trainIn(
    slowFolder(() => second), // for ever, if the second update waited for the first checkpoint
    small,
    { callbacks: [callback], onEvent },
  );
  expect(lines.slice(0, 4)).toEqual(["batch 1", "checkpoint 1", "batch 2", "checkpoint 2"]);
});

it("is whole when the run ends with a fault or by the signal meanwhile", async () => {
  const slow = () => slowFolder(() => sleep(50));
  const failing: Callback = {
    name: "failing",
    batchStart: ({ step }) => {
      if (step === 2) throw new Error("of a callback");
    },
  };
  const failed = slow();
  await expect(trainIn(failed, small, { callbacks: [failing] })).rejects.toThrow("of a callback");
  expect(await stepIn(failed)).toBe(2);
  const controller = new AbortController();
  const onEvent = ({ type }: TrainingEvent) => {
    if (type === "checkpoint") controller.abort(new Error("enough"));
  };
  const stopped = slow();
  await expect(trainIn(stopped, small, { signal: controller.signal, onEvent })).rejects.toThrow("enough");
  expect(await stepIn(stopped)).toBe(2);
});
