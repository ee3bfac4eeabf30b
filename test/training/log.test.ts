import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { rewindLog } from "../../src/training/run/log.node.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a rewound log ends where the checkpoint does: what came after the first uncovered line goes with it", async () => {
  const path = join(folder, "log.jsonl");
  const kept = ['{"type":"start","step":0}', '{"type":"batch","step":1}', '{"type":"checkpoint","step":1}'];
  const dropped = ['{"type":"batch","step":2}', '{"type":"warning","code":"NOT_FINITE_GRADIENT"}', '{"type"'];
  writeFileSync(path, [...kept, ...dropped].join("\n"));
  await rewindLog(path, { step: 1, epoch: 0 });
  expect(readFileSync(path, "utf8")).toBe(kept.map((line) => `${line}\n`).join(""));
  await rewindLog(path, { step: 1, epoch: 0 });
  expect(readFileSync(path, "utf8")).toBe(kept.map((line) => `${line}\n`).join(""));
});

it("an epoch that was told but not kept is told again", async () => {
  const path = join(folder, "epochs.jsonl");
  const kept = [
    '{"type":"batch","step":3}',
    '{"type":"epoch","epoch":1,"step":3}',
    '{"type":"batch","epoch":2,"step":6}',
  ];
  const told = ['{"type":"layers","epoch":2,"step":6}', '{"type":"epoch","epoch":2,"step":6}'];
  writeFileSync(path, [...kept, ...told, ""].join("\n"));
  await rewindLog(path, { step: 6, epoch: 1 });
  expect(readFileSync(path, "utf8")).toBe(kept.map((line) => `${line}\n`).join(""));
});
