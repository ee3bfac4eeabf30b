// What people get: the package that `npm pack` makes in a clone, installed in an empty folder. Packing builds; the install
// runs no scripts; the command, the library, its types and both engines are there, and nothing that nobody needs.

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModelFile } from "../../src/model/index.ts";
import { untrainedModel } from "../model/small-model.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const QUIET = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--silent"];

let folder: string;
const textOf = (path: string): string => readFileSync(join(folder, path), "utf8");
const run = (program: string, ...parameters: readonly string[]): string =>
  execFileSync(program, parameters, { cwd: join(folder, "app"), encoding: "utf8" });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-package-"));
  mkdirSync(join(folder, "app"));
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  writeFileSync(
    join(folder, "app/package.json"),
    JSON.stringify({ name: "app", private: true, type: "module" }),
  );
  run("npm", "install", ...QUIET, join(folder, packed.trim().split("\n").at(-1)!));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package, installed in an empty folder", () => {
  it("has the command", () => {
    expect(run("npx", "earshot", "--help")).toContain("transcribe");
  });

  it("has the library", () => {
    writeFileSync(
      join(folder, "app/program.js"),
      `import { Recognizer, Learner, EarshotError } from "earshot";
       const error = await Recognizer.load("none.safetensors").catch((error) => error);
       console.log(typeof Learner.create, error instanceof EarshotError, error.code);`,
    );
    expect(run("node", "program.js").trim()).toBe("function true UNREADABLE_MODEL");
  });

  it.each(["cpu", "wasm"])("computes on the engine %s", async (engine) => {
    await saveModelFile(join(folder, "app/m.safetensors"), untrainedModel());
    const recording = join(root, "test/audio/fixtures/pcm16.wav");
    const options = ["-m", "m.safetensors", "--engine", engine, "--threads", "1"];
    const program = join("node_modules", "earshot", "dist/apps/cli/main.js");
    expect(run("node", program, "transcribe", recording, ...options).trim()).not.toBe("");
  });

  it("gives a bundle for browsers the engines of browsers, whose binaries are beside them", async () => {
    const { metafile } = await build({
      stdin: { contents: `export { Recognizer } from "earshot";`, resolveDir: join(folder, "app") },
      absWorkingDir: join(folder, "app"),
      bundle: true,
      platform: "browser",
      format: "esm",
      external: ["node:os", "module"], // asked for where there is no `navigator`: not in a browser
      metafile: true,
      write: false,
    });
    const engines = Object.keys(metafile.inputs).filter((path) =>
      /onnxruntime-(?!common)|\/ort\./.test(path),
    );
    const built = "node_modules/earshot/dist/browser";
    expect(engines.toSorted()).toEqual([
      `${built}/ort.jspi.bundle.min.mjs`,
      `${built}/ort.wasm.bundle.min.mjs`,
    ]);
    for (const engine of engines) {
      const [binary] = /ort-[\w.-]+\.wasm/.exec(textOf(join("app", engine)))!;
      expect(existsSync(join(folder, "app", built, binary))).toBe(true);
    }
  });

  it("is as large as the README says, to 3 %", () => {
    const stated = Number(
      /Installed, it is about (\d+) MB/.exec(readFileSync(join(root, "README.md"), "utf8"))![1],
    );
    const files = readdirSync(join(folder, "app/node_modules"), { recursive: true, encoding: "utf8" });
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, "app/node_modules", name)).size, 0);
    expect(Math.abs(bytes / 1e6 / stated - 1)).toBeLessThan(0.03);
  });

  it("has what its pages link to", () => {
    const place = join(folder, "app/node_modules/earshot");
    const isPage = (name: string) => name.endsWith(".md") && !name.startsWith("dist"); // where others' licenses are
    const pages = readdirSync(place, { recursive: true, encoding: "utf8" }).filter(isPage);
    const links = pages.flatMap((page) =>
      Array.from(readFileSync(join(place, page), "utf8").matchAll(/\]\(\s*([^)#\s]+)/g), ([, link]) => ({
        page,
        link,
      })),
    );
    const missing = links.filter(
      ({ page, link }) => !/^[a-z]+:/.test(link) && !existsSync(join(place, dirname(page), link)),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });

  it("has types that a strict program can use", () => {
    writeFileSync(
      join(folder, "app/program.ts"),
      `import { Recognizer, type Transcription } from "earshot";
       export const transcribe = async (path: string): Promise<Transcription> =>
         (await Recognizer.load("m.safetensors")).transcribe(path);
       // @ts-expect-error: a transcription has no such field
       export const wrong = async (path: string) => (await transcribe(path)).txt;`,
    );
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", ""];
    run("node", compiler, ...options, "program.ts");
  });
});
