// For `node --import`: at each SIGUSR2 the worker that has lived longest runs out of memory. A line on stderr tells its end.

import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

const dying = new threads.BroadcastChannel("run out of memory");
if (threads.isMainThread) {
  const living = [];
  threads.Worker = class extends threads.Worker {
    constructor(entry, options) {
      const resourceLimits = { maxOldGenerationSizeMb: 256 };
      super(entry, { ...options, execArgv: ["--import", import.meta.url], resourceLimits });
      const { threadId } = this;
      living.push(threadId);
      this.once("error", ({ code }) => console.error(`A worker died: ${code}.`));
      this.once("exit", () => living.splice(living.indexOf(threadId), 1));
    }
  };
  syncBuiltinESMExports();
  process.on("SIGUSR2", () => dying.postMessage(living[0]));
  dying.unref();
} else {
  dying.addEventListener("message", ({ data }) => data === threads.threadId && fillMemory());
  dying.unref();
}

/** In small pieces: where one alone is too large, V8 ends the process. */
function fillMemory() {
  const numbers = Array.from({ length: 100_000 }, Math.random);
  for (const held = []; ;) held.push(numbers.slice());
}
