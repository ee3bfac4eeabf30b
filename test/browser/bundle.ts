// A room's door bundled for browsers by Vite, by the conditions of package.json alone.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** @param door below src/ @param folder gets `door.mjs`, and what that loads in `assets` */
export async function bundleForBrowsers(door: string, folder: string): Promise<void> {
  await build({
    root: ROOT,
    base: "http://localhost/",
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["earshot-source", "browser", "module", "production"] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      modulePreload: false, // asks for a document
      rollupOptions: {
        input: join(ROOT, "src", door),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "door.mjs" },
      },
    },
  });
}

/** The text of every script of a bundle, by its name. */
export function scriptsOf(folder: string): Record<string, string> {
  const names = readdirSync(join(folder, "assets")).filter((name) => name.endsWith("js"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, "assets", name), "utf8")]));
}
