// The contract of ranks over both drivers, and what a rank is told when there is no MPI, or when the others are silent.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isRank, memoryRanks } from "../../src/platform/index.ts";
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
        "Look at the machines and the network between them, then go on with --resume, with fewer ranks if need be; " +
        "--rank-timeout waits longer.",
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
      remedy: "Start with Open MPI's mpirun, or with srun --mpi=pmix.",
    });
  });
});
