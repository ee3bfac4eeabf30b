// `earshot serve` as it is run: its first line, its signals, its end.

import { createInterface } from "node:readline";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Keys } from "../../src/apps/server/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { earshot, start } from "../cli/command-line.ts";
import { toneModel } from "./tone-model.ts";

describe("earshot serve", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-serve-test-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "tones.safetensors"), writeModelFile(toneModel()));

  it("says where it listens, loads models again on SIGHUP, and ends in good order on SIGTERM", async () => {
    const options = ["--port", "0", "--wyoming", "0", "--json", "--threads", "1"];
    const child = start(folder, "serve", "-m", "a,b=tones.safetensors", ...options);
    const log: { event: string }[] = [];
    createInterface(child.stderr).on("line", (line) => void log.push(JSON.parse(line) as { event: string }));
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { listening } = JSON.parse(line) as { listening: { http: string; wyoming: string } };
    expect(listening.wyoming).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    const models = (await (await fetch(`${listening.http}/v1/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual(["a", "b"]);
    child.kill("SIGHUP");
    while (!log.some(({ event }) => event === "model loaded"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(log.map(({ event }) => event)).toContain("draining");
  });

  it("makes a key, shows it once, and keeps its hash", async () => {
    const { stdout } = await earshot(
      folder,
      "serve",
      "--keys",
      "keys.txt",
      "--make-key",
      "kitchen",
      "--json",
    );
    const { key, name } = JSON.parse(stdout) as { key: string; name: string };
    const file = readFileSync(join(folder, "keys.txt"), "utf8");
    expect([name, file.includes(key)]).toEqual(["kitchen", false]);
    expect(Keys.of(file, "keys.txt").nameOf(key)).toBe("kitchen");
  });

  it.each([
    [["serve", "-m", "none.safetensors"], "UNREADABLE_MODEL"],
    [["serve", "-m", "a=tones.safetensors", "-m", "a=tones.safetensors"], 'Two models have the name "a".'],
    [["serve", "-m", "tones.safetensors", "--set", "stream=3"], 'Did you mean "streams"?'],
    [["serve", "-m", "tones.safetensors", "--tls-cert", "x"], "--tls-cert and --tls-key go together."],
    [["serve", "-m", "tones.safetensors", "--keys", "no-keys.txt"], "a file of keys"],
    [["serve", "--make-key", "kitchen"], "--make-key needs --keys FILE."],
  ])("says what is wrong with %j", async (argv, problem) => {
    const { code, stderr } = await earshot(folder, ...argv);
    expect(code).toBeGreaterThan(1);
    expect(stderr).toContain(problem);
  });

  it("needs -m where no model is in the box", async () => {
    process.env.EARSHOT_MODELS = join(folder, "no-models");
    const { code, stderr } = await earshot(folder, "serve").finally(() => delete process.env.EARSHOT_MODELS);
    expect([code, stderr]).toEqual([2, expect.stringContaining("There is no -m, --model")]);
  });
});
