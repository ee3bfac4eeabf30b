// A small campaign of recipes/fuzz over every reader of foreign bytes, and all that earlier ones found: kept in cases/. Long campaigns are
// recipes/fuzz itself.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../recipes/fuzz/run.mjs", import.meta.url));
const cases = fileURLToPath(new URL("cases", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "earshot-fuzz-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fuzz(...parameters: readonly string[]): string {
  return spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" }).stdout;
}

const EXECUTIONS = process.env.EARSHOT_EXECUTIONS ?? "300";

describe("readers of foreign bytes", () => {
  it("give a result or a named error for every case that was once found", () => {
    expect(fuzz("--cases", cases)).toMatch(/^[1-9]\d* cases, 0 findings\n$/);
  });

  it(`give a result or a named error in ${EXECUTIONS} executions`, () => {
    expect(fuzz("--executions", EXECUTIONS, "--seed", "7", "--keep", folder)).toMatch(
      /executions, 0 findings,/,
    );
  });
});
