// A stand-in for a browser, in a process of its own: takes Node's globals away, and gives what a page has instead. Scripts
// of a bundle, and the files that they fetch, come from http://localhost/.

import { readFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";

const HOST = "http://localhost/";

/**
 * @param bundle the folder of a bundle
 * @returns the door of the bundle, and what prints a result and ends the process
 */
export async function becomeBrowser(bundle) {
  register(new URL("served-modules.mjs", import.meta.url), { data: bundle });
  const node = process;
  const served = (url) => {
    const bytes = readFileSync(join(bundle, String(url).slice(HOST.length)));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  };
  globalThis.window = globalThis;
  globalThis.location = new URL(HOST);
  globalThis.Worker = Object; // looked at, never started
  globalThis.fetch = async (url) => ({ ok: true, arrayBuffer: async () => served(url) });
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 1, userAgent: "" } });
  delete WebAssembly.instantiateStreaming; // Node's needs Node's globals
  delete globalThis.process;
  delete globalThis.Buffer;
  const door = await import(`${HOST}door.mjs`);
  // Ended outright: left to itself, Node has been seen to wait forever for a compiler thread of its own.
  return { door, end: (result) => node.stdout.write(JSON.stringify(result), () => node.exit()) };
}
