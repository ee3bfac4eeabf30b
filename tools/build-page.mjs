// Builds the page of src/apps/page into a folder: `node tools/build-page.mjs FOLDER`. The library and the model are not in it, since the package
// holds them already: those who serve or copy the page put them beside it (apps/server/page/page-files.ts).

import { resolve } from "node:path";
import { build } from "vite";

const [folder] = process.argv.slice(2);
const page = "src/apps/page";

/** The library, and the engine's runtime, are the ready-made modules of dist/browser, which lie beside the page's own. */
const LIBRARY = [
  { asked: /^earshot\/browser$/, id: "earshot:library", path: "../earshot/earshot.js" },
  {
    asked: /^#engine-wasm-runtime$/,
    id: "earshot:runtime",
    path: "../earshot/onnxruntime-web/ort.wasm.bundle.min.mjs",
  },
];
const leaveLibraryOut = {
  name: "earshot-leave-library-out",
  enforce: "pre",
  resolveId(source) {
    const found = LIBRARY.find(({ asked }) => asked.test(source));
    return found && { id: found.id, external: "absolute" };
  },
};

await build({
  root: page,
  base: "./",
  configFile: false,
  logLevel: "error",
  plugins: [leaveLibraryOut],
  resolve: { conditions: ["earshot-source", "browser", "module", "production"] },
  build: {
    outDir: resolve(folder),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the page's policy allows no data: but in pictures
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    cssCodeSplit: false,
    rollupOptions: { output: { paths: Object.fromEntries(LIBRARY.map(({ id, path }) => [id, path])) } },
  },
});
