// Makes dist/browser/ of the build: ready-made ES modules that a page, a worker or an extension loads as they are, from a CDN or
// from its own server, and that bundlers take. What not everybody needs is a module of its own (docs/browser.md). Rollup cuts: it
// knows of each thing that a room's door exports who needs it, where esbuild takes the whole room; esbuild packs.

import { build, transform } from "esbuild";
import * as fs from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rollup } from "rollup";
import { usedOfZod } from "./used-of-zod.mjs";

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
const TARGET = { target: "es2023", format: "esm" };
const { imports } = JSON.parse(fs.readFileSync("package.json", "utf8"));

/** @param dist the folder of the build */
export async function buildBrowser(dist) {
  const out = join(dist, "browser");
  const bundle = await rollup({
    input: Object.fromEntries(Object.entries(MODULES).map(([name, path]) => [name, join(dist, path)])),
    plugins: [driversOf(dist), packages],
    treeshake: { moduleSideEffects: false },
  });
  for (const name of ENTRIES) fs.rmSync(join(out, `${name}.js`)); // they are in the modules now
  await bundle.write({
    dir: out,
    hashCharacters: "base36",
    hoistTransitiveImports: false,
    plugins: [packed],
  });
  for (const path of BINARIES) fs.cpSync(path, join(out, basename(path)));
}

/** Drivers lie in the build at hand, the runtime stays the file that it is, and workers are those of these modules. */
const driversOf = (dist) => ({
  name: "drivers",
  resolveId(source) {
    if (!source.startsWith("#")) return;
    const { browser = imports[source].default } = imports[source];
    if (browser.startsWith("./dist/browser/"))
      return { id: browser.replace("dist/browser/", ""), external: true };
    return resolve(browser.replace("./dist", dist));
  },
  load(id) {
    if (!id.endsWith("/module-worker.js")) return;
    const workers = resolve(dirname(id), "../../browser/workers.js");
    return `export { openPackagedWorker as openModuleWorker } from ${JSON.stringify(workers)};`;
  },
});

/** Each package as one module, for which esbuild reads package.json, CommonJS and the marks of what may be left out. */
const packages = {
  name: "packages",
  resolveId: (source) => (/^[./#\0]/.test(source) ? undefined : `\0${source}`),
  async load(id) {
    if (!id.startsWith("\0")) return;
    const name = id.slice(1);
    if (/^(node:)?module$/.test(name)) return ""; // Emscripten's modules ask for it in Node
    const source =
      name === "zod" ? { stdin: { contents: usedOfZod(), resolveDir: "." } } : { entryPoints: [name] };
    const { outputFiles } = await build({
      ...source,
      ...TARGET,
      bundle: true,
      write: false,
      platform: "browser",
      conditions: ["browser", "module", "import", "default"],
      plugins: [eachByItself],
    });
    return outputFiles[0].text;
  },
};

/** What a package imports of others comes by `packages` again, so that formats share what they have in common. */
const eachByItself = {
  name: "each by itself",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { external: true },
    );
  },
};

/** No module has side effects, so an import that binds nothing would only make bundlers warn. */
const BINDS_NOTHING = /^import ['"]\.\/[^'"]+['"];\n/gm;

const packed = {
  name: "packed",
  renderChunk: (code) =>
    transform(code.replaceAll(BINDS_NOTHING, ""), { ...TARGET, minify: true, legalComments: "none" }),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBrowser(process.argv[2]);
