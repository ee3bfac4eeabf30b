// The workers of the ready-made modules for browsers, each beside them by its name. Bundlers follow an address that stands in
// `new Worker(new URL("…", import.meta.url))` as it is here, and take the module with them. A browser starts no worker of another
// origin, such as a CDN's: there a module of the page's own origin, made on the spot, imports it.

import type { BrowserWorker, WorkerClass } from "../platform/browser/module-worker.ts";

type Start = (Worker: WorkerClass) => BrowserWorker;

const STARTS: Readonly<Record<string, Start>> = {
  "training-worker.js": (Worker) =>
    new Worker(new URL("./training-worker.js", import.meta.url), { type: "module" }),
  "feature-worker.js": (Worker) =>
    new Worker(new URL("./feature-worker.js", import.meta.url), { type: "module" }),
  "measure-worker.js": (Worker) =>
    new Worker(new URL("./measure-worker.js", import.meta.url), { type: "module" }),
  "utterance-worker.js": (Worker) =>
    new Worker(new URL("./utterance-worker.js", import.meta.url), { type: "module" }),
};

/** Stands in for `openModuleWorker`. @param entry where its caller lies; its name says which worker it is */
export function openPackagedWorker(Worker: WorkerClass, entry: URL): BrowserWorker {
  const name = entry.pathname.replace(/.*\//, "");
  try {
    return STARTS[name](Worker);
  } catch (error) {
    if ((error as Error).name !== "SecurityError") throw error;
    return openFromElsewhere(Worker, entry);
  }
}

function openFromElsewhere(Worker: WorkerClass, { href }: URL): BrowserWorker {
  const module = new Blob([`import ${JSON.stringify(href)};`], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(module), { type: "module" }); // the address is short: it may stay until the page ends
}
