// A job of two ranks whose rank 0 ends at each call of its folder during a save, in every way: whatever is left goes on by one
// rank to what an undisturbed job of two gives, bit for bit.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { failingFolder, memoryFolder, type Folder, type InjectedFailure } from "../../src/platform/index.ts";
import { beginRun, type TrainResult } from "../../src/training/index.ts";
import { remains, smallRun, trainIn, type SmallRun } from "./memory-run.ts";
import { onRanks } from "./rank-runs.ts";

vi.mock("../../src/engine/index.ts", async (original) =>
  (await import("./kept-programs.ts")).keptPrograms(original),
);

let folder: string;
let small: SmallRun;
let calls: readonly string[];
let whole: Awaited<ReturnType<typeof remains>>;

const trainByTwo = (own: Folder): Promise<PromiseSettledResult<TrainResult>[]> =>
  onRanks(2, (options, rank) =>
    beginRun({ ...small, ...options, folder: rank === 0 ? own : memoryFolder() }),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-rank-crashes-"));
  const settings = {
    epochs: 2,
    accumulate: 2,
    checkpointSeconds: 0, // after each update
    network: { width: 2, context: 0, dropout: 0.1 },
    data: { maxUtterances: 1, workers: 1 },
    keep: 1,
  };
  small = await smallRun(folder, { train: 4, dev: 1 }, settings);
  const recording = failingFolder();
  expect((await trainByTwo(recording)).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  calls = [...recording.calls];
  whole = await remains(recording);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The calls of the save at the end of the first epoch, and the first behind it. */
function callsOfSave(): number[] {
  const first = calls.findIndex((call) => call === "replace model.safetensors");
  const last = calls.findIndex((call, i) => i > first && call === "replace checkpoint.safetensors");
  return Array.from({ length: last - first + 2 }, (_, i) => first + i + 1);
}

it("goes on from whatever a crash, a torn write or a full disk leaves", async () => {
  expect(callsOfSave().length).toBeGreaterThan(4);
  for (const call of callsOfSave()) {
    const kinds: InjectedFailure["kind"][] = ["crash before", "full disk"];
    if (calls[call - 1].startsWith("append")) kinds.push("crash amid", "torn");
    for (const kind of kinds) {
      const failing = failingFolder({ call, kind });
      const outcomes = await trainByTwo(failing);
      expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
      const left = await failing.reopen();
      await trainIn(left, small);
      expect(await remains(left), `${kind} at call ${call}, ${calls[call - 1]}`).toEqual(whole);
    }
  }
});
