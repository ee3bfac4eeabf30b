// A training run is killed (SIGKILL) at random moments and resumed each time, until it ends by itself. Its weights and
// its model must equal those of a run that was never disturbed, bit for bit. EARSHOT_KILLS sets how often; the issue
// that asked for this asks for 20.

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
const KILLS = Number(process.env.EARSHOT_KILLS ?? 20);
const EARLIEST_MS = 300; // before the command has even read the manifest
const LATEST_MS = 2200;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-kills-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function begin(out: string): string[] {
  const manifest = writeSmallManifest(folder, { train: 24, dev: 4 });
  const config = join(folder, "config.json"); // JSON is YAML
  const settings = { ...smallSettings(folder), epochs: 60, checkpointSeconds: 0.1 };
  const network = { width: 128, context: 4, dropout: 0.1 };
  writeFileSync(config, JSON.stringify({ ...settings, network }));
  return ["train", manifest, "--config", config, "--out", out];
}

/** Runs the command, killing it after `ms`; true when it was killed before it ended. */
function runFor(ms: number, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [EARSHOT, ...args], { stdio: "ignore" });
    const timer = setTimeout(() => child.kill("SIGKILL"), ms);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
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
const stepsOf = (run: string) => {
  const checkpoint = join(run, "checkpoint.safetensors");
  if (!existsSync(checkpoint)) return 0;
  return (JSON.parse(readSafetensors(readFileSync(checkpoint), run).metadata.progress) as { step: number })
    .step;
};
const epochsOf = (run: string) =>
  readFileSync(join(run, "log.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line.includes('"type":"epoch"'))
    .map((line) => {
      const { epoch, trainLoss, devWer } = JSON.parse(line) as Record<string, number>;
      return { epoch, trainLoss, devWer };
    });

it(`killed ${KILLS} times at random moments and resumed, a run ends as if it had never been disturbed`, async () => {
  const whole = join(folder, "whole");
  const broken = join(folder, "broken");
  finish(begin(whole));
  const random = new RandomStream(1, "kills");
  const reached = new Set<number>();
  let kills = 0;
  while (kills < KILLS) {
    const ms = EARLIEST_MS + random.integer(LATEST_MS - EARLIEST_MS);
    const args = existsSync(join(broken, "run.json")) ? ["train", "--resume", broken] : begin(broken);
    if (!(await runFor(ms, args))) break;
    kills++;
    reached.add(stepsOf(broken));
  }
  expect(kills, "the run must outlast the kills").toBe(KILLS);
  expect(reached.size, "kills must hit the training itself").toBeGreaterThan(KILLS / 4);
  finish(["train", "--resume", broken]);
  expect(tensorsOf(broken)).toEqual(tensorsOf(whole));
  expect(readFileSync(join(broken, "model.safetensors"))).toEqual(
    readFileSync(join(whole, "model.safetensors")),
  );
  expect(epochsOf(broken)).toEqual(epochsOf(whole));
}, 600_000);
