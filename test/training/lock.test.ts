// The lock of a run's folder: who comes second is refused, and what went wrong first is what is reported.

import { describe, expect, it } from "vitest";
import { memoryFolder } from "../../src/platform/index.ts";
import { withRunLock } from "../../src/training/run/lock.ts";

describe("the lock of a run", () => {
  it("refuses a second run, and is free again after the first, whether that succeeds or fails", async () => {
    const folder = memoryFolder();
    const nested = () => withRunLock(folder, async () => "second");
    await expect(withRunLock(folder, nested)).rejects.toMatchObject({ code: "RUN_BUSY" });
    expect(await nested()).toBe("second");
  });

  it("reports the failure of the work, not that of releasing the lock after it", async () => {
    const lock = async () => ({ release: () => Promise.reject(new Error("the disk is gone")) });
    const folder = Object.assign(memoryFolder(), { lock });
    const fail = () => Promise.reject(new Error("diverged"));
    await expect(withRunLock(folder, fail)).rejects.toThrow("diverged");
    await expect(withRunLock(folder, async () => "done")).rejects.toThrow("the disk is gone");
  });
});
