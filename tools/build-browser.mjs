// Makes dist/browser/ of the build: ready-made ES modules that a page, a worker or an extension loads as they are, from a CDN or
// from its own server, and that bundlers take. What not everybody needs is a module of its own (docs/browser.md).

import { build } from "esbuild";
import * as fs from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as zod from "zod";

/** By the name that their callers know them by (src/browser/workers.ts). */
const MODULES = {
  earshot: "browser/index.js",
  "feature-worker": "data/features/feature-worker.js",
  "measure-worker": "doctor/data/measure-worker.js",
  "microphone-worklet": "platform/browser/microphone-worklet.js",
  "training-worker": "training/step/training-worker.js",
  "utterance-worker": "recognizer/streams/utterance-worker.js",
};
/** What lies there of the build, before it is in the modules. */
const ENTRIES = ["doctor", "index", "training", "walkthrough", "workers"];
/** WebAssembly that modules load from beside them. */
const BINARIES = [
  "node_modules/@echogarden/fvad-wasm/fvad.wasm",
  "node_modules/@echogarden/speex-resampler-wasm/wasm/speex-resampler-simd.wasm",
];
const { imports } = JSON.parse(fs.readFileSync("package.json", "utf8"));

/** @param dist the folder of the build @returns what esbuild says of each file */
export async function buildBrowser(dist) {
  const out = join(dist, "browser");
  const { metafile } = await build({
    entryPoints: Object.fromEntries(Object.entries(MODULES).map(([name, path]) => [name, join(dist, path)])),
    outdir: out,
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    conditions: ["browser", "module", "import", "default"],
    minify: true,
    legalComments: "linked",
    metafile: true,
    logLevel: "warning",
    plugins: [driversOf(dist), usedOfZod()],
  });
  for (const name of ENTRIES) fs.rmSync(join(out, `${name}.js`)); // they are in the modules now
  for (const path of BINARIES) fs.cpSync(path, join(out, basename(path)));
  return metafile;
}

/** Drivers lie in the build at hand, the runtime stays the file that it is, and workers are those of these modules. */
const driversOf = (dist) => ({
  name: "drivers",
  setup(build) {
    build.onResolve({ filter: /^#/ }, ({ path }) => {
      const { browser = imports[path].default } = imports[path];
      if (browser.startsWith("./dist/browser/"))
        return { path: browser.replace("dist/browser/", ""), external: true };
      if (browser.startsWith("./dist/")) return { path: resolve(browser.replace("./dist", dist)) };
    });
    // What Emscripten's modules ask for in Node.
    build.onResolve({ filter: /^(node:)?module$/ }, () => ({ path: "none", namespace: "none" }));
    build.onLoad({ filter: /./, namespace: "none" }, () => ({ contents: "" }));
    build.onLoad({ filter: /\/module-worker\.js$/ }, () => ({
      contents: `export { openPackagedWorker as openModuleWorker } from "../../browser/workers.js";`,
    }));
  },
});

/**
 * `z` of settings.ts with those functions only that the sources name: of a namespace that is passed on, bundlers keep all,
 * which is three times as much.
 */
const usedOfZod = () => ({
  name: "zod",
  setup(build) {
    build.onResolve({ filter: /^zod$/ }, ({ importer }) =>
      importer.endsWith("/settings.js") ? { path: "used-of-zod", namespace: "zod" } : undefined,
    );
    build.onLoad({ filter: /./, namespace: "zod" }, () => {
      const properties = namesOfZod().map((name) => `${name}: zod.${name}`);
      const contents = `import * as zod from "zod"; export const z = { ${properties.join(", ")} };`;
      return { contents, resolveDir: "." };
    });
  },
});

/** What the sources name of `z`, as far as it is more than a type; `core` is one of types alone. */
function namesOfZod() {
  const files = fs.readdirSync("src", { recursive: true }).filter((path) => path.endsWith(".ts"));
  const texts = files.map((path) => fs.readFileSync(join("src", path), "utf8"));
  const names = texts.flatMap((text) => Array.from(text.matchAll(/\bz\s*\.(\w+)/g), ([, name]) => name));
  return [...new Set(names)].filter((name) => name in zod && name !== "core").toSorted();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBrowser(process.argv[2]);
