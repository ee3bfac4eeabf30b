// A run fails at every call of its folder, in every way: the process ends before the call or amid it, a write is torn, the
// disk is full. (That it ends after a call is that it ends before the next one.) Whatever is left goes on to the weights,
// the files and the log of the run that nothing disturbed. test/end-to-end/kills.test.ts does so with real kills.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { failingFolder, memoryFolder, type InjectedFailure, type Folder } from "../../src/platform/index.ts";
import { remains, smallRun, trainIn, type SmallRun } from "./memory-run.ts";

vi.mock("../../src/engine/index.ts", async (original) =>
  (await import("./kept-programs.ts")).keptPrograms(original),
);

let folder: string;
let small: SmallRun;
/** The calls of the whole run, and what it leaves. */
let calls: readonly string[];
let whole: Awaited<ReturnType<typeof remains>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-crashes-"));
  small = await smallRun(
    folder,
    { train: 3, dev: 1 },
    {
      epochs: 2,
      checkpointSeconds: 0, // after each update
      network: { width: 2, context: 0, dropout: 0.1 },
      data: { maxUtterances: 2, workers: 1 },
      keep: 1,
      log: ["csv"],
    },
  );
  const recording = failingFolder();
  await trainIn(recording, small);
  calls = [...recording.calls];
  whole = await remains(recording);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every call of the whole run that the pattern names, by its number. */
const numbersOf = (pattern: RegExp): number[] =>
  calls.flatMap((call, i) => (pattern.test(call) ? [i + 1] : []));

/** Trains until the failure. @returns what is left */
async function leftBy(failure: InjectedFailure, begun: Folder = memoryFolder()): Promise<Folder> {
  const failing = failingFolder(failure, begun);
  await expect(trainIn(failing, small), told(failure)).rejects.toThrow(
    /the process end|no space left|no training run/,
  );
  return failing.reopen();
}

const told = ({ kind, call }: InjectedFailure) => `${kind} at call ${call}, ${calls[call - 1]}`;

/** What was left by failures so far, each tried once. */
const tried = new Set<string>();
const TIMES = /"(?:seconds|framesPerSecond|etaSeconds|waitedMs|waiting|peakBytes)":[^,}\n]*/g;

async function contentOf(left: Folder): Promise<string> {
  const files: string[] = [];
  for (const { name } of await left.list())
    files.push(
      name,
      Buffer.from((await left.read(name))!)
        .toString("latin1")
        .replace(TIMES, ""),
    );
  return files.join("\n");
}

async function expectWholeAfter(failure: InjectedFailure): Promise<void> {
  const left = await leftBy(failure);
  const content = await contentOf(left);
  if (tried.has(content)) return;
  tried.add(content);
  await trainIn(left, small);
  expect(await remains(left), told(failure)).toEqual(whole);
}

it("a run calls its folder in the order that crashes need: model, log, callbacks' files, checkpoint", () => {
  const epoch = calls.slice(calls.findIndex((call) => call === "replace model.safetensors"));
  const names = epoch.filter((call, i) => call !== epoch[i - 1]);
  expect(names.slice(0, 7)).toEqual([
    "replace model.safetensors",
    "append log.jsonl", // the layers
    "append log.csv",
    "append log.jsonl", // the epoch
    "replace best/epoch-1.safetensors",
    "replace checkpoint.safetensors",
    "append log.jsonl",
  ]);
});

describe("what a run leaves goes on to the same end", () => {
  it("when its process ends before any call of the folder, or after the last", async () => {
    const last: InjectedFailure = { call: calls.length, kind: "crash after" };
    for (const call of numbersOf(/./)) await expectWholeAfter({ call, kind: "crash before" });
    await expectWholeAfter(last);
  });

  it("when its process ends amid any line, so that half of it is in the file", async () => {
    for (const call of numbersOf(/^append/)) await expectWholeAfter({ call, kind: "crash amid" });
  });

  it("when a write is torn, or finds the disk full, and the run ends by itself", async () => {
    for (const call of numbersOf(/^append/)) await expectWholeAfter({ call, kind: "torn" });
    for (const call of numbersOf(/^(append|replace|lock)/))
      await expectWholeAfter({ call, kind: "full disk" });
  });
});

it("a resumed run may end at any call of the folder too", async () => {
  const line = numbersOf(/^append log.jsonl/).at(-3)!;
  const begun = () => leftBy({ call: line, kind: "crash amid" });
  const recording = failingFolder(undefined, await begun());
  await trainIn(recording, small);
  const firstAppend = recording.calls.findIndex((call) => call.startsWith("append"));
  for (let call = 1; call <= firstAppend + 2; call++) {
    const left = await leftBy({ call, kind: "crash before" }, await begun());
    await trainIn(left, small);
    expect(await remains(left), recording.calls[call - 1]).toEqual(whole);
  }
});
