// The programs in the README and in docs/ fit the library: each block of TypeScript is checked by the compiler as a
// program of its own, against the build's declarations. What a block takes from outside (a microphone, the recognizer of
// the block before) is declared here.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { root } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OUTSIDE = `declare const microphone: AsyncIterable<Float32Array>;
declare const recognizer: import("earshot").Recognizer;
`;

const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
const blocks = pages.flatMap((page) => {
  const found = [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n([^]*?)^```/gm)];
  return found.map(([, text], index) => ({ name: `${page.replaceAll(/\W/g, "-")}-${index + 1}.mts`, text }));
});

/** What the compiler says of these files, as programs that import "earshot" from the build; nothing when they fit. */
async function complaintsOf(files: readonly { name: string; text: string }[]): Promise<string> {
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "outside.d.ts"), OUTSIDE);
  const compilerOptions = {
    noEmit: true,
    customConditions: [],
    allowImportingTsExtensions: true,
    noUnusedLocals: false,
    rootDir: "/",
    typeRoots: [join(root, "node_modules/@types")],
    paths: {
      earshot: [join(root, "dist/index.d.ts")],
      "earshot/graph": [join(root, "dist/graph/index.d.ts")],
    },
  };
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions,
    include: [],
    files: ["outside.d.ts", ...files.map(({ name }) => name)],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  return promisify(execFile)(process.execPath, [compiler, "-p", folder]).then(
    ({ stdout }) => stdout,
    ({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
  );
}

it("those programs fit, and one that does not is noticed", async () => {
  expect(blocks.length).toBeGreaterThan(7);
  const text = `import { Recognizer } from "earshot";\nawait Recognizer.load(7);\n`;
  const complaints = await complaintsOf([...blocks, { name: "wrong.mts", text }]);
  expect(complaints.split("\n").filter(Boolean)).toEqual([expect.stringContaining("wrong.mts(2,23)")]);
});
