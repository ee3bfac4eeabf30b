// A training run is killed (SIGKILL) at random times and resumed each time, until it ends by itself. Its weights and its
// model must equal those of a run that was never disturbed, bit for bit. EARSHOT_KILLS sets how often. That every call of
// the run's folder may be the last is test/training/crashes.test.ts; here the disk, the process and the kill are real.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSafetensors } from "../../src/model/index.ts";
import { RandomStream } from "../../src/random.ts";
import { smallSettings, writeSmallManifest } from "../training/recordings.ts";

const EARSHOT = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
const KILL_ONESELF = new URL("kill-oneself.mjs", import.meta.url).href;
const KILLS = Number(process.env.EARSHOT_KILLS ?? 2);
const EPOCHS = 6 * KILLS; // so that the run outlasts the kills
const ANY_TIME_MS = 600; // from the start of the process: it may still be reading the manifest
const TRAINING_MS = 60; // from a line of a run
const MOST_LINES = 4;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-kills-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function begin(out: string): string[] {
  const manifest = writeSmallManifest(folder, { train: 12, dev: 2 });
  const config = join(folder, "config.json"); // JSON is YAML
  const settings = { ...smallSettings(folder), epochs: EPOCHS, checkpointSeconds: 0 };
  const network = { width: 128, context: 4, dropout: 0.1 };
  writeFileSync(config, JSON.stringify({ ...settings, network }));
  return ["train", manifest, "--config", config, "--out", out];
}

interface Kill {
  readonly lines: number;
  readonly ms: number;
}

/** Every fourth kill comes at any time of the command, the others while it trains, after some lines about that. */
function kill(number: number, random: RandomStream): Kill {
  if (number % 4 === 0) return { lines: 0, ms: random.integer(ANY_TIME_MS) };
  return { lines: 1 + random.integer(MOST_LINES), ms: random.integer(TRAINING_MS) };
}

/** Runs the command until it is killed; true unless it had ended before. */
function runUntil({ lines, ms }: Kill, args: readonly string[]): boolean {
  const command = ["--import", KILL_ONESELF, EARSHOT, ...args, "--json"];
  const env = { ...process.env, EARSHOT_KILL_AFTER: `${lines} ${ms}` };
  const { status, signal, stderr } = spawnSync(process.execPath, command, { env, encoding: "utf8" });
  if (signal !== "SIGKILL") expect(status, stderr).toBe(0);
  return signal === "SIGKILL";
}

function finish(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [EARSHOT, ...args], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

const tensorsOf = (run: string) =>
  readSafetensors(readFileSync(join(run, "checkpoint.safetensors")), run).tensors;
const epochsOf = (run: string) =>
  readFileSync(join(run, "log.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.includes('"type":"epoch"'))
    .map((line) => {
      const { epoch, trainLoss, devWer } = JSON.parse(line) as Record<string, number>;
      return { epoch, trainLoss, devWer };
    });

it(`killed ${KILLS} times and resumed, a run ends as if it had never been disturbed`, () => {
  const whole = join(folder, "whole");
  const broken = join(folder, "broken");
  finish(begin(whole));
  const random = new RandomStream(1, "kills");
  let kills = 0;
  while (kills < KILLS) {
    const args = existsSync(join(broken, "run.json")) ? ["train", "--resume", broken] : begin(broken);
    if (!runUntil(kill(kills, random), args)) break;
    kills++;
  }
  expect(kills, "the run must outlast the kills").toBe(KILLS);
  finish(["train", "--resume", broken]);
  expect(tensorsOf(broken)).toEqual(tensorsOf(whole));
  expect(readFileSync(join(broken, "model.safetensors"))).toEqual(
    readFileSync(join(whole, "model.safetensors")),
  );
  expect(epochsOf(broken)).toEqual(epochsOf(whole));
});
