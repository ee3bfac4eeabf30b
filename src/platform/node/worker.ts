// Worker threads of Node. Node 20 cannot start one from TypeScript: from the sources, the worker of the build is started.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parentPort, Worker } from "node:worker_threads";
import { EarshotError } from "../../errors.ts";
import {
  answer,
  ThreadExit,
  type Handlers,
  type Request,
  type UnexpectedFault,
  type WorkerThread,
} from "../worker.ts";

/**
 * @param entry the module that serves, as `new URL("./name.ts", import.meta.url)` of the caller (`.js` in the build)
 * @throws EarshotError FEATURE_WORKER_MISSING when the checkout is not built
 */
export function startWorker(entry: URL): WorkerThread {
  checkWorker(entry);
  const worker = new Worker(builtEntry(entry), { execArgv: [] }); // flags of the parent are not for it
  let isWanted = true;
  let cause: Error | undefined;
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (listener) => void worker.on("message", listener),
    onDeath: (listener) => {
      worker.on("error", (error) => (cause = error));
      worker.on("exit", (code) => isWanted && listener(cause ?? new ThreadExit(code)));
    },
    keepAlive: (needed) => (needed ? worker.ref() : worker.unref()),
    terminate: async () => {
      isWanted = false;
      await endThread(worker);
    },
  };
}

/** What ends a thread between two of its calls: one that is terminated within native code takes the process with it. */
const STOP = "stop";
/** A thread that is still within a call after this time is terminated. */
const PATIENCE_MS = 10_000;

async function endThread(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  if (worker.threadId < 0) return; // it has ended already
  worker.ref();
  worker.postMessage(STOP);
  const impatience = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  await ended;
  clearTimeout(impatience);
}

/**
 * Checks early that a worker can be started later.
 * @throws EarshotError FEATURE_WORKER_MISSING
 */
export function checkWorker(entry: URL): void {
  const built = builtEntry(entry);
  if (!existsSync(built)) throw workerMissing(built);
}

/** The worker's side; does nothing on the main thread, so that the module can be loaded there too. */
export function serve(handlers: Handlers, unexpected: UnexpectedFault): void {
  parentPort?.on("message", (request: Request | typeof STOP) => {
    if (request === STOP) process.exit(); // of this thread alone
    void answer(handlers, unexpected, request, (reply, transfer) => parentPort?.postMessage(reply, transfer));
  });
}

/** Beside its caller in the build; from the sources, in dist/ in place of the innermost src/. */
export function builtEntry({ href }: URL): URL {
  const beside = href.replace(/\.ts$/, ".js");
  const isBuilt = beside === href || existsSync(new URL(beside));
  return new URL(isBuilt ? beside : beside.replace(/\/src\/(?!.*\/src\/)/, "/dist/"));
}

function workerMissing(entry: URL): EarshotError {
  return new EarshotError({
    code: "FEATURE_WORKER_MISSING", // as it was called when features had the only worker,
    where: fileURLToPath(entry),
    problem: "The built module of this worker is missing.",
    remedy: "Run npm run build.",
  });
}
