// Several workers as one: what starts when, what replaces what, and who is told of an end.

import { describe, expect, it } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import {
  sameThreadWorker,
  startWorker,
  WorkerPool,
  type PoolFaults,
  type SameThreadWorker,
} from "../../src/platform/index.ts";
import { unexpected, work } from "./work.ts";

const faults: PoolFaults = {
  died: (where, { message }) => new EarshotError({ code: "DIED", where, problem: message, remedy: "Again." }),
  closed: (where) => new EarshotError({ code: "CLOSED", where, problem: "It is closed.", remedy: "Again." }),
};

function poolOf(size: number) {
  const threads: SameThreadWorker[] = [];
  const start = (): SameThreadWorker => {
    threads.push(sameThreadWorker(work, unexpected));
    return threads[threads.length - 1];
  };
  return { threads, pool: new WorkerPool<typeof work>({ start, size, faults }) };
}

describe("a pool of workers", () => {
  it("starts a thread when there is work, no more than it may, and uses them again", async () => {
    const { pool, threads } = poolOf(2);
    expect(threads).toHaveLength(0);
    await pool.call("double", [1], { subject: "a" });
    await pool.call("double", [2], { subject: "b" });
    expect(threads).toHaveLength(1);
    const numbers = [1, 2, 3, 4, 5];
    const calls = numbers.map((n) => pool.call("double", [n], { subject: "c" }));
    expect(await Promise.all(calls)).toEqual(numbers.map((n) => 2 * n));
    expect(threads).toHaveLength(2);
    await pool.close();
  });

  it("names what a thread died of, puts another in its place, and goes on with what waits", async () => {
    const { pool, threads } = poolOf(1);
    const calls = [
      pool.call("waitForever", [], { subject: "first" }),
      pool.call("double", [3], { subject: "second" }),
    ];
    threads[0].die(new Error("out of memory"));
    await expect(calls[0]).rejects.toMatchObject({ code: "DIED", where: "first", problem: "out of memory" });
    expect(await calls[1]).toBe(6);
    expect(threads).toHaveLength(2);
    await pool.close();
  });

  it("gives no work to a thread that died idle", async () => {
    const { pool, threads } = poolOf(1);
    await pool.call("double", [1], { subject: "a" });
    threads[0].die(new Error("asleep"));
    expect(await pool.call("double", [2], { subject: "b" })).toBe(4);
    expect(threads).toHaveLength(2);
    await pool.close();
  });

  it("drops what waits, and lets go of what runs, when the signal aborts", async () => {
    const { pool, threads } = poolOf(1);
    const stop = new AbortController();
    const { signal } = stop;
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const calls = Array.from({ length: 20 }, () => pool.call("waitForever", [], { subject: "a", signal }));
    const other = pool.call("double", [1], { subject: "other" });
    stop.abort(new Error("enough"));
    for (const outcome of await Promise.allSettled(calls))
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "enough" } });
    await expect(pool.call("double", [1], { subject: "b", signal })).rejects.toThrow("enough");
    threads[0].die(new Error("stuck"));
    expect(await other).toBe(2);
    await new Promise((resolve) => setImmediate(resolve)); // warnings come late
    process.off("warning", note);
    expect(warnings).toEqual([]); // of many listeners at one signal
    await pool.close();
  });

  it("rejects what is under way and what waits when it is closed, and what comes after", async () => {
    const { pool } = poolOf(1);
    const calls = ["a", "b"].map((subject) => pool.call("waitForever", [], { subject }));
    const settled = Promise.allSettled(calls);
    await pool.close();
    expect(await settled).toMatchObject(
      ["a", "b"].map((where) => ({ status: "rejected", reason: { code: "CLOSED", where } })),
    );
    await expect(pool.call("double", [1], { subject: "c" })).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("rejects a call for which no thread can be started", async () => {
    const start = (): never => {
      throw new Error("no threads left");
    };
    const pool = new WorkerPool<typeof work>({ start, size: 1, faults });
    await expect(pool.call("double", [1], { subject: "a" })).rejects.toThrow("no threads left");
  });

  it("works in threads of Node alike", async () => {
    const start = () => startWorker(new URL("./serving.mjs", import.meta.url));
    const pool = new WorkerPool<typeof work>({ start, size: 2, faults });
    await expect(pool.call("die", [], { subject: "it" })).rejects.toMatchObject({
      code: "DIED",
      where: "it",
    });
    const calls = [1, 2, 3].map((n) => pool.call("double", [n], { subject: "n" }));
    expect(await Promise.all(calls)).toEqual([2, 4, 6]);
    await pool.close();
  });

  it("ends a thread of Node between its calls: amid a run of native code it would take the process with it", async () => {
    const start = () => startWorker(new URL("./serving.mjs", import.meta.url));
    const pool = new WorkerPool<typeof work>({ start, size: 1, faults });
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const call = pool.call("occupy", [flag], { subject: "a" });
    const refused = expect(call).rejects.toMatchObject({ code: "CLOSED" });
    while (Atomics.load(flag, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await pool.close();
    await refused;
    expect(flag[0]).toBe(2);
  });
});
