// Builds the page of src/apps/page into a folder: `node tools/build-page.mjs FOLDER`. The WebAssembly of ONNX Runtime and the model are not
// in it, since the package holds them already: files.json tells those who serve or copy the page which file stands for which name.

import * as fs from "node:fs";
import { join, resolve } from "node:path";
import { build } from "vite";

const [folder] = process.argv.slice(2);
const page = "src/apps/page";
/** Name below the page → path below the package. */
const elsewhere = { "models/commands-en.safetensors": "models/commands-en/model.safetensors" };

/** Takes the runtime's binary out of what is written, and notes where it is. */
const leaveRuntimeOut = {
  name: "earshot-leave-runtime-out",
  generateBundle(_options, bundle) {
    for (const [name, { names }] of Object.entries(bundle)) {
      const [binary] = names?.filter((each) => each.endsWith("ort-wasm-simd-threaded.wasm")) ?? [];
      if (binary === undefined) continue;
      elsewhere[name] = "dist/browser/onnxruntime-web/ort-wasm-simd-threaded.wasm";
      delete bundle[name];
    }
  },
};

await build({
  root: page,
  base: "./",
  configFile: false,
  logLevel: "error",
  plugins: [leaveRuntimeOut],
  worker: { format: "es", plugins: () => [leaveRuntimeOut] },
  resolve: { conditions: ["earshot-source", "browser", "module", "production"] },
  build: {
    outDir: resolve(folder),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the page's policy allows no data: but in pictures
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    cssCodeSplit: false,
  },
});
const sorted = Object.fromEntries(Object.entries(elsewhere).toSorted());
fs.writeFileSync(join(folder, "files.json"), `${JSON.stringify(sorted, undefined, 2)}\n`);
