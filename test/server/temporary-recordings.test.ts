// Recordings on the disk: none is there longer than it is worked on, however the process ends.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";

describe("recordings on the disk", async () => {
  vi.resetModules(); // as at the start of a process
  const { removeLeftRecordings, withRecording } =
    await import("../../src/apps/server/http/temporary-recordings.ts");
  const folder = mkdtempSync(join(tmpdir(), "earshot-recordings-test-"));
  vi.stubEnv("TMPDIR", folder);
  const exits = process.listeners("exit");
  afterEach(() => {
    for (const listener of process.listeners("exit"))
      if (!exits.includes(listener)) process.off("exit", listener);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const left = (host: string, id: number) => join(folder, `earshot-serve-${host}-${id}-abcdef`);

  it("are removed where the process that left them has ended, and as the process exits", async () => {
    const own = hostname().replaceAll(/[^\w.]/g, "_");
    const [dead, former, alive, other] = [
      left(own, ended),
      left(own, process.pid),
      left(own, process.ppid),
      left("elsewhere", ended),
    ];
    for (const path of [dead, former, alive, other]) mkdirSync(path);
    await removeLeftRecordings();
    expect([dead, former, alive, other].map((path) => existsSync(path))).toEqual([false, false, true, true]);
    let isRead = false;
    const recording = withRecording([Buffer.from("a"), Buffer.from("bc")], async (path) => {
      expect(readFileSync(path, "utf8")).toBe("abc");
      for (const listener of process.listeners("exit"))
        if (!exits.includes(listener)) listener.call(process, 0);
      expect(existsSync(path)).toBe(false);
      isRead = true;
    });
    await recording;
    expect(isRead).toBe(true);
  });

  it("are removed when the work fails", async () => {
    let found = "";
    const failing = withRecording([Buffer.from("a")], (path) => {
      found = path;
      return Promise.reject(new Error("failed"));
    });
    await expect(failing).rejects.toThrow("failed");
    expect([found.startsWith(folder), existsSync(join(found, ".."))]).toEqual([true, false]);
  });
});
