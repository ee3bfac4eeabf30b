// Work in a process of its own, where its memory is nobody else's: called as a worker is, and ended with the process that
// started it.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  answer,
  ThreadExit,
  type Handlers,
  type Reply,
  type Request,
  type UnexpectedFault,
  type WorkerThread,
} from "../worker.ts";
import { builtEntry, checkWorker } from "./worker.ts";

/** By this argument the module knows that it was started to serve. */
const SERVE = "serve-earshot";

/**
 * @param entry the module that serves, as for `startWorker`
 * @throws EarshotError FEATURE_WORKER_MISSING when the checkout is not built
 */
export function startProcess(entry: URL): WorkerThread {
  checkWorker(entry);
  const child = fork(fileURLToPath(builtEntry(entry)), [SERVE], {
    execArgv: [], // flags of the parent are not for it
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let isWanted = true;
  return {
    post: (message, transfer) => {
      child.send(message as Request); // throws what cannot be copied
      for (const buffer of transfer) structuredClone(buffer, { transfer: [buffer] }); // moved, as between threads
    },
    onMessage: (listener) => void child.on("message", listener),
    onDeath: (listener) => {
      child.on("error", (error) => isWanted && listener(error));
      child.on("exit", (code, signal) => isWanted && listener(deathOf(code, signal)));
    },
    keepAlive: (needed) => keepAlive(child, needed),
    terminate: async () => {
      isWanted = false;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.ref();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The process's side; does nothing where its module was not started by `startProcess`. */
export function serveProcess(handlers: Handlers, unexpected: UnexpectedFault): void {
  if (process.argv[2] !== SERVE || process.send === undefined) return;
  process.on("SIGINT", () => undefined); // a terminal sends it to both: whoever started this ends it
  process.on("disconnect", () => process.exit());
  process.on("message", (request: Request) =>
    answer(handlers, unexpected, request, (reply: Reply) => void process.send?.(reply)),
  );
}

function keepAlive(child: ReturnType<typeof fork>, needed: boolean): void {
  if (needed) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

/** A process that the system ended for want of memory has a signal and no code. */
const deathOf = (code: number | null, signal: string | null): Error =>
  signal === null ? new ThreadExit(code ?? 0) : new Error(`it was ended by ${signal}`);
