// `mpirun earshot train`: two processes learn what one learns, one of them speaks; and a rank that dies ends the job.

import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { requireSameVersion } from "../../src/apps/cli/as-rank.ts";
import { readSafetensors } from "../../src/model/index.ts";
import { memoryRanks } from "../../src/platform/index.ts";
import { mpiAbsent, startMpi } from "../platform/open-mpi.ts";
import { writeSmallManifest } from "../training/recordings.ts";
import { jsonLines } from "./command-line.ts";

const main = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "earshot-mpirun-"));
afterAll(() => rm(folder, { recursive: true }));
const manifest = writeSmallManifest(folder, { train: 6, dev: 2 });
const settings = {
  seed: 3,
  epochs: 2,
  threads: 1,
  accumulate: 2,
  "network.width": 16,
  "network.context": 1,
  "features.bins": 20,
  "data.workers": 1,
  "data.maxUtterances": 2,
  "data.cacheDirectory": join(folder, "cache"),
};

const train = (ranks: number, out: string, ...more: readonly string[]) => {
  const given = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const argv = [main, "train", manifest, ...given, "--out", join(folder, out), "--json", ...more];
  return startMpi(ranks, [process.execPath, ...argv]);
};

const weightsOf = async (out: string) =>
  readSafetensors(await readFile(join(folder, out, "model.safetensors")), out).tensors;

describe.skipIf(mpiAbsent)(`training by mpirun${mpiAbsent ? ` (skipped: ${mpiAbsent})` : ""}`, () => {
  it("gives the weights of one process, and one log", async () => {
    const [alone, together] = [await train(1, "alone").outcome, await train(2, "together").outcome];
    expect(together).toMatchObject({ exitCode: 0, stderr: "" });
    const [one, two] = [alone, together].map(({ stdout }) => jsonLines(stdout).map(({ type }) => type));
    expect(two.filter((type) => type !== "ranks")).toEqual(one.filter((type) => type !== "ranks"));
    const expected = await weightsOf("alone");
    for (const [name, { data }] of await weightsOf("together")) {
      const values = expected.get(name)!.data as Float32Array;
      const difference = Math.hypot(...values.map((value, i) => value - Number(data[i])));
      expect(difference / Math.hypot(...values), name).toBeLessThan(1e-5);
    }
  });

  it("tells once what all ranks lack, and what is wrong with their command", async () => {
    const earshot = [process.execPath, main];
    const lacking = ["-x", "EARSHOT_LIBMPI=libnone.so", ...earshot, "train", manifest];
    for (const [code, command] of [
      ["MPI_MISSING", [...lacking, "--out", join(folder, "none")]],
      ["NOT_A_RUN", [...earshot, "train", "--resume", join(folder, "none")]],
      ["USAGE", [...earshot, "transcribe", folder]],
      ["USAGE", [...earshot, "train"]],
    ] as const) {
      const { exitCode, stderr } = await startMpi(2, command).outcome;
      expect(exitCode).not.toBe(0);
      expect(stderr.split(`error: ${code}`), stderr).toHaveLength(2);
    }
  });

  it("resumes with other threads than the run began with, and with nothing else", async () => {
    const resumed = (...more: readonly string[]) =>
      startMpi(1, [process.execPath, main, "train", "--resume", join(folder, "alone"), ...more]).outcome;
    expect((await resumed("--threads", "2")).stderr).not.toContain("error:");
    expect((await resumed("--threads", "2", "--engine", "wasm")).stderr).toContain(
      "Give nothing else but --threads: earshot train --resume",
    );
  });

  it("ends when a rank dies, with a checkpoint to go on from", async () => {
    const { child, outcome } = train(2, "killed", "--set", "epochs=500");
    let isKilled = false;
    child.stdout.on("data", (data: Buffer) => {
      if (isKilled || !String(data).includes('"checkpoint"')) return;
      isKilled = process.kill(pidOf(child.pid!, 1), "SIGKILL");
    });
    const { exitCode, stderr } = await outcome;
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("mpirun noticed that process rank 1");
    expect(stderr).not.toContain("error:");
    const bytes = await readFile(join(folder, "killed", "checkpoint.safetensors"));
    const { metadata } = readSafetensors(bytes, "checkpoint");
    expect(JSON.parse(metadata.progress).epoch).toBeGreaterThan(0);
  });
});

it("ranks of other versions do not begin", async () => {
  const outcomes = await Promise.allSettled(
    memoryRanks(2).map((ranks, rank) => requireSameVersion(ranks, `1.${rank}.0`)),
  );
  for (const outcome of outcomes)
    expect((outcome as PromiseRejectedResult).reason).toMatchObject({
      code: "RANKS_DIFFER",
      where: "rank 1 of 2",
      problem: "It does not agree with rank 0: its version of Earshot is 1.1.0, and not 1.0.0.",
    });
});

/** Of a rank that this mpirun started. */
function pidOf(mpirun: number, rank: number): number {
  const children = readFileSync(`/proc/${mpirun}/task/${mpirun}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  const isRank = (pid: number) =>
    readFileSync(`/proc/${pid}/environ`, "utf8").includes(`OMPI_COMM_WORLD_RANK=${rank}\0`);
  return children.find(isRank)!;
}
