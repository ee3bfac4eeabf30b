// A worker from the address of its module, as browsers start one where the module is of the page's own origin. The ready-made
// modules for browsers have browser/workers.ts in its place.

/** What is used here of a worker, and of a worker's own scope (WHATWG HTML, section 10.2). */
export interface MessageTarget {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  addEventListener(kind: string, listener: (event: { data?: unknown; message?: string }) => void): void;
}
export interface BrowserWorker extends MessageTarget {
  terminate(): void;
}
export type WorkerClass = new (entry: URL | string, options: { readonly type: "module" }) => BrowserWorker;

/** @param Worker the browser's class */
export const openModuleWorker = (Worker: WorkerClass, entry: URL): BrowserWorker =>
  new Worker(entry, { type: "module" });
