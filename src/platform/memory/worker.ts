// A worker in the thread of its caller, for tests and where a thread costs more than it gives. What crosses is copied and
// moved as between threads, so that work that would fail there fails here too.

import { answer, type Handlers, type Reply, type Request, type UnexpectedFault } from "../worker.ts";
import type { WorkerThread } from "../worker.ts";

export interface SameThreadWorker extends WorkerThread {
  /** Ends it as an error of its own would, for tests; the worker itself answers no call that is under way. */
  die(cause: Error): void;
}

/** @param handlers its work, as a worker's own module gives it to `serve` */
export function sameThreadWorker(handlers: Handlers, unexpected: UnexpectedFault): SameThreadWorker {
  const listeners: ((message: unknown) => void)[] = [];
  const deathListeners: ((cause: Error) => void)[] = [];
  let isAlive = true;
  const reply = (message: Reply, transfer: readonly ArrayBuffer[]): void => {
    const copy = structuredClone(message, { transfer: [...transfer] });
    if (isAlive) for (const listener of listeners) listener(copy);
  };
  const take = async (request: Request): Promise<void> => {
    if (isAlive) await answer(handlers, unexpected, request, reply);
  };
  return {
    post(message, transfer) {
      const request = structuredClone(message, { transfer: [...transfer] }) as Request;
      queueMicrotask(() => void take(request));
    },
    onMessage: (listener) => void listeners.push(listener),
    onDeath: (listener) => void deathListeners.push(listener),
    keepAlive: () => undefined,
    terminate: async () => void (isAlive = false),
    die(cause) {
      if (isAlive) for (const listener of deathListeners) listener(cause);
      isAlive = false;
    },
  };
}
