import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { rewindLog } from "../../src/training/log.node.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a rewound log ends where the checkpoint does: what came after the first uncovered line goes with it", async () => {
  const path = join(folder, "log.jsonl");
  const kept = ['{"type":"start","step":0}', '{"type":"batch","step":1}', '{"type":"checkpoint","step":1}'];
  const dropped = ['{"type":"batch","step":2}', '{"type":"warning","code":"NOT_FINITE_GRADIENT"}', '{"type"'];
  writeFileSync(path, [...kept, ...dropped].join("\n"));
  await rewindLog(path, 1);
  expect(readFileSync(path, "utf8")).toBe(kept.map((line) => `${line}\n`).join(""));
  await rewindLog(path, 1);
  expect(readFileSync(path, "utf8")).toBe(kept.map((line) => `${line}\n`).join(""));
});
