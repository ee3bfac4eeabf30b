// What people get: the package that `npm pack` makes in a clone, installed in an empty folder. Packing builds; the install
// runs no scripts; the command, the library and its types are there.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const QUIET = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--silent"];

let folder: string;
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
