// The command line as few files: main.js with what is loaded at once, and a chunk for each thing that is loaded when it is needed, in the
// place of some 160 modules, which took a third of the time in which a short recording becomes text. The modules stay in the build as they
// are, for programs and for workers. `node tools/build-command.mjs BUILD`

import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { usedOfZod } from "./used-of-zod.mjs";

/** Packages of many small files, loaded at every start. All others stay outside: they are large, rare, or look for files beside themselves. */
const BUNDLED = ["@bufbuild/protobuf", "commander", "pathe", "yaml", "zod"];
/** What packages in CommonJS ask for Node's modules. */
const REQUIRE =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';
const built = resolve(process.argv[2]);
const folder = join(built, "apps/cli");
const { imports } = JSON.parse(readFileSync("package.json", "utf8"));

const { metafile } = await build({
  entryPoints: [join(folder, "main.js")],
  outdir: folder,
  allowOverwrite: true,
  chunkNames: "chunk-[hash]",
  entryNames: "[name]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  metafile: true,
  logLevel: "warning",
  banner: { js: REQUIRE },
  plugins: [{ name: "earshot", setup: resolveAsInstalled }],
});
writeFileSync(join(folder, "LICENSES.txt"), licensesOf(metafile));

function resolveAsInstalled({ onResolve, onLoad, resolve: resolveAgain }) {
  onResolve({ filter: /^#/ }, ({ path, resolveDir, kind }) => {
    const target = imports[path].default;
    if (target.endsWith(".mjs")) return { path: `../../${target.slice("./dist/".length)}`, external: true };
    if (target.startsWith("./dist/")) return { path: join(built, target.slice("./dist/".length)) };
    return resolveAgain(target, { resolveDir, kind });
  });
  onResolve({ filter: /^[@\w]/ }, ({ path, kind }) =>
    kind === "entry-point" || BUNDLED.some((name) => path === name || path.startsWith(`${name}/`))
      ? undefined
      : { path, external: true },
  );
  onResolve({ filter: /^zod$/ }, () => ({ path: "zod", namespace: "used" }));
  onLoad({ filter: /^zod$/, namespace: "used" }, () => ({ contents: usedOfZod(), resolveDir: "." }));
  onLoad({ filter: /\.js$/ }, ({ path }) =>
    path.startsWith(built + sep) ? { contents: inItsPlace(path), loader: "js" } : undefined,
  );
}

/** A module that looks for files from where it is itself, not from where its chunk is. */
function inItsPlace(path) {
  const place = JSON.stringify(relative(folder, path).replaceAll(sep, "/"));
  return readFileSync(path, "utf8").replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`);
}

/** The licenses of the packages that are in the chunks. */
function licensesOf({ inputs }) {
  const packages = Object.keys(inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(packages)]
    .toSorted()
    .map((name) => {
      const home = join("node_modules", name);
      const file = readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
      const { version, license } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
      const text = file ? readFileSync(join(home, file), "utf8").trim() : license;
      return `${name} ${version}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
