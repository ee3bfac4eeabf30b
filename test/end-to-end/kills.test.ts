// A training run is killed (SIGKILL) at random times and resumed each time, until it ends by itself. Its weights and its
// model must equal those of a run that was never disturbed, bit for bit. EARSHOT_KILLS sets how often. That every call of
// the run's folder may be the last is test/training/crashes.test.ts; here the disk, the process and the kill are real.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSafetensors } from "../../src/model/index.ts";
import { RandomStream } from "../../src/random.ts";
import { smallSettings, writeSmallManifest } from "../training/recordings.ts";

const EARSHOT = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
const KILLS = Number(process.env.EARSHOT_KILLS ?? 8);
const EPOCHS = 3 * KILLS; // so that the run outlasts the kills
const ANY_TIME_MS = 1500; // from the start of the command: it may still be reading the manifest
const TRAINING_MS = 250; // from the first step: whatever the machine's speed, this hits the training

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-kills-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function begin(out: string): string[] {
  const manifest = writeSmallManifest(folder, { train: 24, dev: 4 });
  const config = join(folder, "config.json"); // JSON is YAML
  const settings = { ...smallSettings(folder), epochs: EPOCHS, checkpointSeconds: 0.1 };
  const network = { width: 128, context: 4, dropout: 0.1 };
  writeFileSync(config, JSON.stringify({ ...settings, network }));
  return ["train", manifest, "--config", config, "--out", out];
}

interface Kill {
  readonly from: "command" | "training";
  readonly ms: number;
}

/** Every fourth kill comes at any time of the command, the others while it trains. */
function kill(number: number, random: RandomStream): Kill {
  if (number % 4 === 0) return { from: "command", ms: random.integer(ANY_TIME_MS) };
  return { from: "training", ms: random.integer(TRAINING_MS) };
}

/** Runs the command and kills it; true unless it had ended before. */
function runUntil({ from, ms }: Kill, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EARSHOT, ...args, "--json"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const arm = () => setTimeout(() => child.kill("SIGKILL"), ms);
    if (from === "command") arm();
    else child.stdout.on("data", (part) => String(part).includes('"type":"start"') && arm());
    child.on("exit", (code, signal) => {
      if (signal === "SIGKILL" || code === 0) resolve(signal === "SIGKILL");
      else reject(new Error(`the run failed with exit code ${code}`));
    });
  });
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

it(`killed ${KILLS} times and resumed, a run ends as if it had never been disturbed`, async () => {
  const whole = join(folder, "whole");
  const broken = join(folder, "broken");
  finish(begin(whole));
  const random = new RandomStream(1, "kills");
  let kills = 0;
  while (kills < KILLS) {
    const args = existsSync(join(broken, "run.json")) ? ["train", "--resume", broken] : begin(broken);
    if (!(await runUntil(kill(kills, random), args))) break;
    kills++;
  }
  expect(kills, "the run must outlast the kills").toBe(KILLS);
  finish(["train", "--resume", broken]);
  expect(tensorsOf(broken)).toEqual(tensorsOf(whole));
  expect(readFileSync(join(broken, "model.safetensors"))).toEqual(
    readFileSync(join(whole, "model.safetensors")),
  );
  expect(epochsOf(broken)).toEqual(epochsOf(whole));
}, 600_000);
