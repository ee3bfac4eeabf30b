// Workers of browsers, as modules.

import { partNotLoaded } from "../../errors.ts";
import { answer, type Handlers, type Request, type UnexpectedFault, type WorkerThread } from "../worker.ts";
import { lacking } from "./lacking.ts";
import { openModuleWorker, type MessageTarget, type WorkerClass } from "./module-worker.ts";

/** @param entry the module that serves, as `new URL("./name.ts", import.meta.url)` of the caller */
export function startWorker(entry: URL): WorkerThread {
  const { Worker: Class } = globalThis as unknown as { Worker?: WorkerClass };
  if (Class === undefined) throw lacking("workers", "Start the work from a page, in a current browser.");
  const worker = openModuleWorker(Class, entry);
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.addEventListener("message", ({ data }) => listener(data)),
    /** Browsers report no exit, only a module that cannot be loaded and an error that nothing caught. */
    onDeath: (listener) => {
      let isAlive = true;
      const end = ({ message }: { message?: string }): void => {
        if (isAlive)
          listener(
            message === undefined ? partNotLoaded(entry.pathname.replace(/.*\//, "")) : new Error(message),
          );
        isAlive = false;
        worker.terminate();
      };
      worker.addEventListener("error", end);
      worker.addEventListener("messageerror", () => end({ message: "its answer cannot be read" }));
    },
    keepAlive: () => undefined, // a page lives as long as it is open
    terminate: async () => worker.terminate(),
  };
}

/** Nothing can be checked here: a browser notices a missing module only when it starts the worker. */
export const checkWorker = (_entry: URL): void => undefined;

/** The worker's side; does nothing on a page, so that the module can be loaded there too. */
export function serve(handlers: Handlers, unexpected: UnexpectedFault): void {
  const { DedicatedWorkerGlobalScope: Scope } = globalThis as {
    DedicatedWorkerGlobalScope?: new () => object;
  };
  if (Scope === undefined || !(globalThis instanceof Scope)) return;
  const scope = globalThis as unknown as MessageTarget;
  scope.addEventListener("message", ({ data }) => {
    void answer(handlers, unexpected, data as Request, (reply, transfer) =>
      scope.postMessage(reply, transfer),
    );
  });
}
