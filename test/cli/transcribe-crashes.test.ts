// An archive is transcribed into a folder that fails at each of its calls, in every way: the process ends before the call or
// amid it, a write is torn, the disk is full. The same command, given again, leaves what an undisturbed process leaves, byte
// for byte, and tells of each recording once: by one process, by ranks, and by a queue. recipes/cluster/archive-kills.mjs does
// so with real kills.

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Output } from "../../src/apps/cli/output.ts";
import type { Session } from "../../src/apps/cli/session.ts";
import { transcribeAlone } from "../../src/apps/cli/transcribe/alone.ts";
import { transcribeByQueue } from "../../src/apps/cli/transcribe/by-queue.ts";
import { transcribeOnRank } from "../../src/apps/cli/transcribe/on-rank.ts";
import type { FolderTask, TranscribeFlags } from "../../src/apps/cli/transcribe/task.ts";
import { fileNames } from "../../src/apps/cli/transcribe/work.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { failingFolder, listFiles, memoryRanks, openFolder } from "../../src/platform/index.ts";
import type { Folder, InjectedFailure } from "../../src/platform/index.ts";
import { writers } from "../../src/recognizer/index.ts";
import { untrainedModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { jsonLines } from "./command-line.ts";
import { natsAbsent, startNats, type NatsServer } from "./nats-server.ts";

vi.mock("../../src/engine/index.ts", async (original) =>
  (await import("../training/kept-programs.ts")).keptPrograms(original),
);

const folder = await mkdtemp(join(tmpdir(), "earshot-archive-crashes-"));
const model = join(folder, "model.safetensors");
/** The longest are given out first, so not in the order of the list. */
const recordings = ["one.wav", "none.wav", "more/two.wav", "three.wav"].map((place) => {
  return { path: join(folder, "speech", place), place };
});
let server: NatsServer | undefined;

beforeAll(async () => {
  await mkdir(join(folder, "speech/more"), { recursive: true });
  for (const [i, { path }] of recordings.entries()) await writeFile(path, waveFile(sweep(0.1 + 0.2 * i)));
  await writeFile(recordings[1].path, "no sound");
  await writeFile(model, writeModelFile(untrainedModel()));
  if (!natsAbsent) server = await startNats();
});
afterAll(async () => {
  await server?.remove();
  await rm(folder, { recursive: true });
});

type Transcribe = (task: FolderTask, options: TranscribeFlags, session: Session) => Promise<void>;

/** Rank 0 has the folder; when it fails, the other is ended. */
const byTwoRanks: Transcribe = async (task, options, session) => {
  const launcher = new AbortController();
  const [first, second] = memoryRanks(2);
  const other = { ...session, output: outputTo(() => undefined), signal: launcher.signal };
  const following = transcribeOnRank(second, task, options, other);
  try {
    await transcribeOnRank(first, task, options, session);
  } catch (error) {
    launcher.abort(new Error("ended by the launcher"));
    second.abandon(3);
    await following.catch(() => undefined);
    throw error;
  }
  await following;
};

function outputTo(write: (text: string) => void): Output {
  const nothing = () => undefined;
  return new Output(true, { interactive: false, write, note: nothing, progress: nothing, clear: nothing });
}

/** The command as one process of it, until its end or its failure. */
async function run(transcribe: Transcribe, out: Folder, more: Partial<TranscribeFlags> = {}) {
  let stdout = "";
  const output = outputTo((text) => (stdout += text));
  const session = { output, signal: new AbortController().signal, exitCode: 0 };
  const files = fileNames(recordings, out.path, "txt");
  const task = {
    recordings,
    failures: [],
    folder: out,
    files,
    writer: writers.txt,
    jsonOf: (one: object) => one,
  };
  const options = { model: [model], threads: 1, redeliverAfter: 1, tries: 1, queue: server?.url, ...more };
  const failure = await transcribe(task, options, session).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, told: jsonLines(stdout).map(({ path }) => path) };
}

let outs = 0;
const newOut = (): string => join(folder, `out-${outs++}`);

/** Names with their contents. */
async function contents(out: string): Promise<Record<string, string>> {
  const names = await listFiles(out).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(out, name), "utf8")));
  return Object.fromEntries(names.map((name, i) => [name, texts[i]]));
}

/** What one process leaves that nothing disturbs. */
let whole: Record<string, string>;
beforeAll(async () => {
  const out = newOut();
  expect(await run(transcribeAlone, openFolder(out))).toMatchObject({
    failure: undefined,
    told: recordings.map(({ path }) => path),
  });
  whole = await contents(out);
  expect(Object.keys(whole)).toEqual([".transcribed.jsonl", "more/two.txt", "one.txt", "three.txt"]);
  expect(new Set(Object.values(whole)).size).toBe(4);
});

/** What may happen at a call that makes a difference. */
function kindsAt(call: string): InjectedFailure["kind"][] {
  if (call.startsWith("append")) return ["crash before", "crash amid", "torn", "full disk"];
  return call.startsWith("replace") ? ["crash before", "full disk"] : ["crash before"];
}

/** @param begun what the folder holds before */
async function failsAtEachCall(transcribe: Transcribe, again: Transcribe, begun?: string): Promise<void> {
  const into = async (failure?: InjectedFailure) => {
    const out = newOut();
    if (begun !== undefined) await cp(begun, out, { recursive: true });
    const failing = failingFolder(failure, openFolder(out));
    return {
      out,
      failing,
      ...(await run(transcribe, failing, { restart: begun === undefined || undefined })),
    };
  };
  const { calls } = (await into()).failing;
  expect(calls.length).toBeGreaterThan(4);
  for (const [i, name] of calls.entries())
    for (const kind of kindsAt(name)) {
      const { out, failing, failure } = await into({ call: i + 1, kind });
      const what = `${kind} at call ${i + 1}, ${failing.calls[i]}`;
      expect(failure, what).toBeDefined();
      const { told, ...second } = await run(again, openFolder(out));
      expect(second.failure, what).toBeUndefined();
      expect(told.toSorted(), what).toEqual(recordings.map(({ path }) => path).toSorted());
      expect(await contents(out), what).toEqual(whole);
    }
}

describe("what an archive's folder is left with at any of its calls goes on to the whole", () => {
  it("after one process, by two ranks", () => failsAtEachCall(transcribeAlone, byTwoRanks));

  it("after two ranks, by one process", () => failsAtEachCall(byTwoRanks, transcribeAlone));

  it.skipIf(natsAbsent)("after a client of a queue, by another", () =>
    failsAtEachCall(transcribeByQueue, transcribeByQueue),
  );

  it("after two ranks that went on from half a line", async () => {
    const begun = newOut();
    await run(byTwoRanks, failingFolder({ call: 3, kind: "crash amid" }, openFolder(begun)));
    await failsAtEachCall(byTwoRanks, byTwoRanks, begun);
  });
});
