// How a browser's worker ends: by a module that cannot be loaded, or by an error that nothing caught.

import { afterEach, expect, it, vi } from "vitest";
import { EarshotError } from "../../src/errors.ts";
import { startWorker } from "../../src/platform/browser/worker.ts";
import { WorkerClient } from "../../src/platform/worker.ts";

afterEach(() => vi.unstubAllGlobals());

function dying(event: { message?: string }) {
  class FakeWorker {
    addEventListener(kind: string, listener: (event: { message?: string }) => void): void {
      if (kind === "error") setTimeout(() => listener(event), 0);
    }
    postMessage(): void {}
    terminate(): void {}
  }
  vi.stubGlobal("Worker", FakeWorker);
  const thread = startWorker(new URL("http://cdn.example/training-worker.js"));
  const died = ({ message }: Error): EarshotError =>
    new EarshotError({ code: "WORKER_DIED", problem: `It ended (${message}).`, remedy: "Go on." });
  return new WorkerClient<{ step: () => void }>(thread, died).call("step", []);
}

it("a module that cannot be loaded is told as that, with what its policy needs", async () => {
  await expect(dying({})).rejects.toMatchObject({
    code: "PART_NOT_LOADED",
    where: "training-worker.js",
    remedy: expect.stringContaining("worker-src") as string,
  });
});

it("an error is told in the words of the work", async () => {
  await expect(dying({ message: "out of memory" })).rejects.toMatchObject({ code: "WORKER_DIED" });
});
