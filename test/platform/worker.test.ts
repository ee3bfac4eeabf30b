// A worker's calls, answers, faults and deaths: in the same thread, and in a thread of Node.

import { afterEach, describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import {
  sameThreadWorker,
  startProcess,
  startWorker,
  Transferred,
  WorkerClient,
  type WorkerThread,
} from "../../src/platform/index.ts";
import { unexpected, work } from "./work.ts";

const died = (cause: Error): EarshotError =>
  new EarshotError({ code: "WORKER_DIED", problem: cause.message, remedy: "Again." });
const closed = new EarshotError({ code: "CLOSED", problem: "It was closed.", remedy: "Again." });

const open: WorkerClient<typeof work>[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close(closed);
});

describe.each<[string, () => WorkerThread]>([
  ["in the same thread", () => sameThreadWorker(work, unexpected)],
  ["in a thread of Node", () => startWorker(new URL("./serving.mjs", import.meta.url))],
  ["in a process of Node", () => startProcess(new URL("./serving.mjs", import.meta.url))],
])("a worker %s", (_, start) => {
  const client = (): WorkerClient<typeof work> => {
    const made = new WorkerClient<typeof work>(start(), died);
    open.push(made);
    return made;
  };

  it("answers calls, several at once, each with its own result", async () => {
    const worker = client();
    const results = [1, 2, 3].map((n) => worker.call("double", [n]));
    expect(await Promise.all(results)).toEqual([2, 4, 6]);
  });

  it("copies what crosses, and moves what is told to move, both ways", async () => {
    const worker = client();
    const [copied, moved] = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
    const sum = await worker.call("addUp", [copied, moved], [moved.buffer]);
    expect(sum).toEqual({ sum: 10, wasEmptied: true });
    expect([copied.length, moved.length]).toEqual([2, 0]);
  });

  it("gives faults with their code, and unexpected ones as the work calls them", async () => {
    const worker = client();
    await expect(worker.call("refuse", [])).rejects.toMatchObject({
      name: "EarshotError",
      code: "REFUSED",
      where: "here",
      remedy: "Ask for something else.",
    });
    await expect(worker.call("stumble", [])).rejects.toMatchObject({ code: "UNEXPECTED", problem: "oh" });
    expect(await worker.call("double", [4])).toBe(8);
  });

  it("refuses what cannot be copied, and works on", async () => {
    const worker = client();
    await expect(worker.call("double", [(() => 1) as never])).rejects.toThrow(/could not be cloned/);
    await expect(worker.call("giveFunction", [])).rejects.toMatchObject({ code: "UNEXPECTED" });
    expect(await worker.call("double", [1])).toBe(2);
  });

  it("rejects the calls under way, and all later ones, when it is closed", async () => {
    const worker = client();
    const waiting = worker.call("waitForever", []);
    const rejected = expect(waiting).rejects.toBe(closed);
    await worker.close(closed);
    await rejected;
    await expect(worker.call("double", [1])).rejects.toBe(closed);
    expect(worker.dead).toBe(closed);
  });
});

describe("a worker that dies", () => {
  it("in the same thread rejects the calls under way with the fault of its death", async () => {
    const thread = sameThreadWorker(work, unexpected);
    const worker = new WorkerClient<typeof work>(thread, died);
    const waiting = worker.call("waitForever", []);
    thread.die(new Error("out of memory"));
    await expect(waiting).rejects.toMatchObject({ code: "WORKER_DIED", problem: "out of memory" });
    await expect(worker.call("double", [1])).rejects.toMatchObject({ code: "WORKER_DIED" });
  });
  it.each([
    ["thread", startWorker],
    ["process", startProcess],
  ])("in a %s of Node does so too", async (_, start) => {
    const worker = new WorkerClient<typeof work>(start(new URL("./serving.mjs", import.meta.url)), died);
    await expect(worker.call("die", [])).rejects.toMatchObject({ code: "WORKER_DIED" });
    await expect(worker.call("double", [1])).rejects.toMatchObject({ code: "WORKER_DIED" });
  });
});

it("a result wrapped to be moved is that result and its buffers", () => {
  const { buffer } = new Float32Array(1);
  expect(new Transferred({ a: 1 }, [buffer])).toEqual({ result: { a: 1 }, transfer: [buffer] });
});
