// Hooks of Node's module loader: modules of http://localhost/ come from the folder of a bundle, as a server would give them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

const HOST = "http://localhost/";
let folder;

export function initialize(bundle) {
  folder = bundle;
}

export function resolve(specifier, context, next) {
  const { parentURL } = context;
  const isServed = specifier.startsWith(HOST) || parentURL?.startsWith(HOST);
  if (!isServed) return next(specifier, context);
  return { url: new URL(specifier, parentURL).href, format: "module", shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.startsWith(HOST)) return next(url, context);
  const source = await readFile(join(folder, url.slice(HOST.length)), "utf8");
  return { format: "module", source, shortCircuit: true };
}
