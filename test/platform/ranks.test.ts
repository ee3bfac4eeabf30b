// The contract of ranks over both drivers, and what a rank is told when there is no MPI, or when the others are silent.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isRank, memoryRanks } from "../../src/platform/index.ts";
import type { MpiLibrary } from "../../src/platform/node/mpi/library.ts";
import { beginRanks } from "../../src/platform/node/mpi/mpi-ranks.ts";
import { mpiAbsent, startMpi } from "./open-mpi.ts";
import { checkRanks } from "./ranks-contract.mjs";

const program = fileURLToPath(new URL("ranks-contract.mjs", import.meta.url));

describe("ranks", () => {
  it.each([1, 2, 5])("keep their contract in memory, %i of them", async (size) => {
    await Promise.all(memoryRanks(size).map((ranks) => checkRanks(ranks)));
  });

  it.skipIf(mpiAbsent)(
    `keep their contract under mpirun${mpiAbsent ? ` (skipped: ${mpiAbsent})` : ""}`,
    async () => {
      const overTcp = ["--mca", "btl", "self,tcp", "--mca", "btl_tcp_if_include", "lo"];
      const { exitCode, stdout, stderr } = await startMpi(3, [...overTcp, process.execPath, program]).outcome;
      expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: "3 ranks agree\n" });
    },
  );

  it("give up on one that is silent, within the time that they were given", async () => {
    const [first] = memoryRanks(2, { timeoutSeconds: 0.05 });
    await expect(first.sum(Float32Array.of(1))).rejects.toMatchObject({
      code: "RANK_SILENT",
      message:
        "rank 0 of 2: The other ranks did not answer within 0.05 s (sum of 1): one has died, the link is lost, or it is far too slow. " +
        "Look at the machines and the network between them, then go on (train --resume, with fewer ranks if need be; transcribe " +
        "with the same command); --rank-timeout waits longer.",
    });
  });

  it("are none where no launcher says so, and say what is missing where there is no library", () => {
    expect(isRank()).toBe(false);
    const opening = `import("./dist/platform/index.js").then((p) => p.openRanks()).catch((e) => console.log(JSON.stringify(e)))`;
    const env = { ...process.env, EARSHOT_LIBMPI: "libnone.so" };
    const { stdout } = spawnSync(process.execPath, ["-e", opening], { env, encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual({
      code: "MPI_MISSING",
      message: "Open MPI's library is not there, or is another MPI's (looked for libnone.so).",
      remedy:
        "Install it on every machine (apt-get install openmpi-bin libopenmpi-dev), or start without mpirun and --mpi; EARSHOT_LIBMPI names the library's file.",
    });
  });

  it.skipIf(mpiAbsent)("say when the launcher is another MPI's", () => {
    const opening = `import("./dist/platform/index.js").then((p) => p.openRanks()).catch((e) => console.log(JSON.stringify(e)))`;
    const env = { ...process.env, PMI_SIZE: "4" };
    const { stdout } = spawnSync(process.execPath, ["-e", opening], { env, encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual({
      code: "MPI_MISMATCH",
      message:
        "4 processes were started, but Open MPI knows of 1: the launcher is another MPI's, or speaks no PMIx.",
      remedy:
        "Start with Open MPI's mpirun, or with srun --mpi=pmix. Processes that are to know nothing of each other are started " +
        "without SLURM_STEP_NUM_TASKS in their environment.",
    });
  });

  it("are known as such where srun started them without PMIx, and not in a batch script", () => {
    const asking = `import("./dist/platform/index.js").then(async (p) => console.log(p.isRank(), await p.openRanks().catch((e) => e.code)))`;
    const told = (env: Record<string, string>) =>
      spawnSync(process.execPath, ["-e", asking], { env: { ...process.env, ...env }, encoding: "utf8" })
        .stdout;
    const step = { SLURM_NTASKS: "4", SLURM_PROCID: "1", EARSHOT_LIBMPI: "libnone.so" };
    expect(told({ ...step, SLURM_STEP_NUM_TASKS: "4" })).toBe("true MPI_MISMATCH\n");
    expect(told({ ...step, SLURM_STEP_NUM_TASKS: "1" })).toMatch(/^false /);
    expect(told(step)).toMatch(/^false /);
    expect(told({ ...step, PMIX_RANK: "1", SLURM_STEP_NUM_TASKS: "4" })).toBe("true MPI_MISSING\n");
  });

  describe("whose library reports an error", () => {
    const library = (calls: Partial<MpiLibrary>): MpiLibrary =>
      ({
        world: 0n,
        initThread: () => [0, 3],
        rankOf: () => 1,
        sizeOf: () => 2,
        returnErrors: () => undefined,
        errorText: (code) => `MPI_ERR ${code}`,
        barrier: async () => 0,
        ...calls,
      }) as MpiLibrary;
    const begin = (calls: Partial<MpiLibrary>) => beginRanks(library(calls), 30, () => undefined);
    const lost = (what: string) => ({
      code: "RANK_LOST",
      message:
        `rank 1 of 2: Open MPI reports "MPI_ERR 16" (${what}): another rank, or the link to it, is lost. ` +
        "Look at the machines and the network between them, then go on with --resume, with fewer ranks if need be.",
    });

    it("say that another is lost, whichever call it was", async () => {
      await expect((await begin({ probe: () => [16] })).receive()).rejects.toMatchObject(lost("receive"));
      await expect((await begin({ duplicate: () => [16, 0n] })).share()).rejects.toMatchObject(lost("share"));
      await expect(begin({ barrier: async () => 16 })).rejects.toMatchObject(lost("barrier"));
      await expect(begin({ initThread: () => [16, 0] })).rejects.toMatchObject({ code: "RANK_LOST" });
    });

    it("do not begin without threads", async () => {
      await expect(begin({ initThread: () => [0, 1] })).rejects.toMatchObject({
        code: "MPI_MISSING",
        problem: "Open MPI's library was built without support for several threads (MPI_THREAD_MULTIPLE).",
      });
    });
  });
});
