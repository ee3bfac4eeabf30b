import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resume, train as trainAndReport } from "../../src/learner/index.ts";
import type { TrainingEvent, TrainOptions } from "../../src/training/index.ts";
import { startWorker } from "../training/memory-run.ts";
import { smallSettings, writeSmallManifest } from "../training/recordings.ts";

let folder: string;
let manifests: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-run-report-"));
  manifests = [writeSmallManifest(folder, { train: 4, dev: 2 })];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (options: TrainOptions) => trainAndReport({ startWorker, ...options });
const run = (name: string) => join(folder, name);
const settings = () => ({ ...smallSettings(folder), epochs: 2, report: true });

describe("a run's report", () => {
  it("is written at its end, and names the command that repeats it", async () => {
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => events.push(event);
    const { reportPath } = await train({ manifests, settings: settings(), out: run("whole"), onEvent });
    expect(reportPath).toBe(join(run("whole"), "report.html"));
    const page = readFileSync(reportPath!, "utf8");
    expect(page).toContain("All 2 utterances of dev");
    expect(page).toContain("--set seed=3");
    expect(page).not.toContain("--set patience");
    expect(events.findLast(({ type }) => type === "report")).toEqual({ type: "report", done: 36, total: 36 }); // dev, and 17 conditions of it
    expect(readFileSync(join(run("whole"), "log.jsonl"), "utf8")).not.toContain('"report"');
  });

  it("is written without evaluating when the run is interrupted", async () => {
    const controller = new AbortController();
    const onEvent = ({ type }: TrainingEvent) => {
      if (type === "epoch") controller.abort(new Error("stop here"));
    };
    const attempt = train({
      manifests,
      settings: settings(),
      out: run("broken"),
      onEvent,
      signal: controller.signal,
    });
    await expect(attempt).rejects.toThrow("stop here");
    const page = readFileSync(join(run("broken"), "report.html"), "utf8");
    expect(page).toContain("Interrupted after 1 of 2 epochs.");
    expect(page).toContain("Not listened to yet");
  });

  it("broken off is written when the run is resumed", async () => {
    const controller = new AbortController();
    const onEvent = ({ type }: TrainingEvent) => {
      if (type === "report") controller.abort(new Error("stop here"));
    };
    const out = run("unreported");
    const attempt = train({ manifests, settings: settings(), out, onEvent, signal: controller.signal });
    await expect(attempt).rejects.toThrow("stop here");
    expect(existsSync(join(out, "report.html"))).toBe(false);
    const { reportPath } = await resume({ directory: out, startWorker });
    expect(readFileSync(reportPath!, "utf8")).toContain("All 2 utterances of dev");
  });

  it("is not missed by a run that cannot write it", async () => {
    const events: TrainingEvent[] = [];
    const onEvent = (event: TrainingEvent) => {
      events.push(event);
      if (event.type === "start") mkdirSync(join(run("blocked"), "report.html"));
    };
    const result = await train({ manifests, settings: settings(), out: run("blocked"), onEvent });
    expect(existsSync(result.modelPath)).toBe(true);
    expect(result.reportPath).toBeUndefined();
    expect(events.find(({ type }) => type === "warning")).toMatchObject({ code: "NO_REPORT" });
    expect(events.at(-1)).toMatchObject({ type: "done" });
  });

  it("is left out when the settings say so", async () => {
    const quiet = { ...settings(), report: false };
    const { reportPath } = await train({ manifests, settings: quiet, out: run("quiet") });
    expect(reportPath).toBeUndefined();
    expect(existsSync(join(run("quiet"), "report.html"))).toBe(false);
  });
});
