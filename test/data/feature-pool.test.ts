import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { computeFeatures, decodeAudio, featureSettings } from "../../src/audio/index.ts";
import { featuresInThisThread, FeaturePool } from "../../src/data/features/feature-pool.ts";
import { readFileSync } from "node:fs";
import { temporaryFolder, writeNoise } from "./recordings.ts";

const folder = temporaryFolder();
const settings = featureSettings.parse({});
const job = (path: string, speeds = [1]) => ({
  path,
  paces: speeds.map((speed) => ({ speed, tempo: 1 })),
  settings,
});

/** A worker that does what its job's path says, as the platform's workers speak. */
const entry = pathToFileURL(join(folder, "worker.mjs"));
writeFileSync(
  entry,
  `import { parentPort } from "node:worker_threads";
   parentPort.on("message", ({ id, parameters: [{ path }] }) => {
     if (path === "exit") process.exit(1);
     if (path === "throw") throw new Error("out of paper");
     if (path !== "hang") parentPort.postMessage({ id, result: { variants: [], warnings: [] } });
   });`,
);
describe.each([
  ["in a thread of its own", undefined],
  ["in the same thread", featuresInThisThread],
])("a feature worker %s", (_, startWorkerHere) => {
  const open = () => new FeaturePool({ workers: 1, startWorker: startWorkerHere });

  it("gives the same frames as computing them here, bit for bit, at every pace", async () => {
    const pool = open();
    const path = writeNoise(folder, "noise.wav", 0.5);
    const { variants, warnings } = await pool.compute(job(path, [1, 0.9]));
    const { samples } = await decodeAudio(readFileSync(path), path);
    expect(variants[0].frames).toEqual(computeFeatures(samples, settings));
    expect(variants.map(({ seconds }) => seconds)).toEqual([0.5, 8889 / 16_000]); // round(8000 / 0.9) samples
    expect(warnings).toEqual([]);
    await pool.close();
  });

  it("answers a missing or broken recording by a named fault and works on", async () => {
    const pool = open();
    const broken = join(folder, "broken.wav");
    writeFileSync(broken, "This is not a recording.");
    await expect(pool.compute(job(join(folder, "none.wav")))).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
    });
    await expect(pool.compute(job(folder))).rejects.toMatchObject({ code: "UNREADABLE_RECORDING" });
    await expect(pool.compute(job(broken))).rejects.toMatchObject({ name: "EarshotError", where: broken });
    expect((await pool.compute(job(writeNoise(folder, "fine.wav", 0.1)))).variants).toHaveLength(1);
    await pool.close();
  });
});

describe("the pool", () => {
  it("names a worker's death, replaces it and goes on", async () => {
    const pool = new FeaturePool({ workers: 1, entry });
    const outcomes = await Promise.allSettled(
      ["fine", "exit", "fine", "throw", "fine"].map((p) => pool.compute(job(p))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(outcomes[1]).toMatchObject({ reason: { code: "FEATURE_WORKER_DIED", where: "exit" } });
    expect(outcomes[3]).toMatchObject({
      reason: { problem: "The thread that computed its features died: out of paper." },
    });
    await pool.close();
  });

  it("drops what waits, and lets go of what runs, when the signal aborts", async () => {
    const pool = new FeaturePool({ workers: 1, entry });
    const stop = new AbortController();
    const jobs = Array.from({ length: 20 }, () => pool.compute(job("hang"), stop.signal));
    stop.abort(new Error("enough"));
    for (const outcome of await Promise.allSettled(jobs)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { message: "enough" } });
    }
    await expect(pool.compute(job("fine"), stop.signal)).rejects.toThrow("enough");
    await pool.close();
  });

  it("rejects what is under way when it is closed, and what comes after", async () => {
    const pool = new FeaturePool({ workers: 1, entry });
    const jobs = [pool.compute(job("hang")), pool.compute(job("hang"))];
    const settled = Promise.allSettled(jobs);
    await pool.close();
    for (const outcome of await settled)
      expect(outcome).toMatchObject({ reason: { code: "FEATURE_POOL_CLOSED" } });
    await expect(pool.compute(job("fine"))).rejects.toMatchObject({ code: "FEATURE_POOL_CLOSED" });
  });

  it("says how a thread ended that gave no reason", async () => {
    const pool = new FeaturePool({ workers: 1, entry });
    await expect(pool.compute(job("exit"))).rejects.toThrow(
      "exit: The thread that computed its features died: it ended without a message. " +
        "Check the recording; when every recording fails alike, run npm run build and try again.",
    );
    await pool.close();
  });

  it("says what to do when the worker is not built", () => {
    const missing = pathToFileURL(join(folder, "missing.js"));
    expect(() => new FeaturePool({ entry: missing })).toThrow(
      `${join(folder, "missing.js")}: The built worker that computes features is missing. Run npm run build.`,
    );
  });

  it("does not keep a process alive that forgot to close it", () => {
    const built = new URL("../../dist/data/features/feature-pool.js", import.meta.url).href;
    const script = `import { FeaturePool } from "${built}";
      const pool = new FeaturePool({ workers: 2, entry: new URL("${entry.href}") });
      await pool.compute({ path: "fine" });
      console.log("done");`;
    const args = ["--input-type=module", "--eval", script];
    expect(execFileSync(process.execPath, args, { timeout: 8 * 60_000, encoding: "utf8" })).toBe("done\n");
  });
});
