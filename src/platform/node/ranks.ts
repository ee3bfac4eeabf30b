// The ranks that this process is one of: who started it says so in the environment.

import { EarshotError } from "../../errors.ts";
import { RANK_TIMEOUT_SECONDS, type Ranks, type RanksOptions, type SharedRanks } from "../ranks.ts";

/** How many processes the launcher started, by the variables of Open MPI and of PMI (MPICH's mpiexec, Slurm). */
const SIZES = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"];
/** The same of a step of Slurm, whether or not its processes can find each other. */
const SIZE_OF_STEP = "SLURM_STEP_NUM_TASKS";

/**
 * Of Open MPI's parameters, where neither mpirun's --mca nor the environment sets them: two connections between hosts, since
 * over one it sends long messages hardly faster in both directions than in one after the other; whoever waits yields,
 * since it looks for messages without a pause, beside the threads that load data; and sums go around in a ring (4), which
 * is what the link needs at any number of ranks, where its own choice takes half as long again with four.
 */
const DEFAULTS = {
  btl_tcp_links: "2",
  mpi_yield_when_idle: "1",
  coll_tuned_use_dynamic_rules: "1",
  coll_tuned_allreduce_algorithm: "4",
};

const RANKS = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"];

/** Which of the processes that the launcher started this is, before MPI is there to ask; 0 where nothing says. */
export const launchedRank = (): number =>
  Number(RANKS.map((name) => process.env[name]).find((value) => value !== undefined) ?? 0);

/**
 * Whether mpirun or srun started this process as one of several, whether or not they speak PMIx. One by itself needs no MPI.
 * A batch script of Slurm is a step of one task.
 */
export const isRank = (): boolean => {
  const size = launchedSize();
  return size === undefined ? process.env.PMIX_RANK !== undefined : size > 1;
};

/** @throws EarshotError MPI_MISSING; MPI_MISMATCH where the launcher is another MPI's */
export async function openRanks({
  timeoutSeconds = RANK_TIMEOUT_SECONDS,
}: RanksOptions = {}): Promise<Ranks> {
  if (isStepWithoutPmix()) throw mismatch(launchedSize()!, 1); // Open MPI would end the process
  const { loadMpi } = await import("./mpi/library.ts");
  const { beginRanks } = await import("./mpi/mpi-ranks.ts");
  const mpi = await loadMpi();
  for (const [name, value] of Object.entries(DEFAULTS)) process.env[`OMPI_MCA_${name}`] ??= value;
  const started = launchedSize();
  return beginRanks(mpi, timeoutSeconds, (size) => {
    if (started !== undefined && started !== size) throw mismatch(started, size);
  });
}

/** In another thread of a process that opened its ranks. */
export async function joinRanks({ handle, timeoutSeconds }: SharedRanks): Promise<Ranks> {
  const { loadMpi } = await import("./mpi/library.ts");
  const { MpiRanks } = await import("./mpi/mpi-ranks.ts");
  return new MpiRanks(await loadMpi(), BigInt(handle), timeoutSeconds, false);
}

const isStepWithoutPmix = (): boolean =>
  [...SIZES, "PMIX_RANK"].every((name) => process.env[name] === undefined) && isRank();

function launchedSize(): number | undefined {
  const name = [...SIZES, SIZE_OF_STEP].find((one) => process.env[one] !== undefined);
  return name === undefined ? undefined : Number(process.env[name]);
}

function mismatch(started: number, size: number): EarshotError {
  return new EarshotError({
    code: "MPI_MISMATCH",
    problem: `${started} processes were started, but Open MPI knows of ${size}: the launcher is another MPI's, or speaks no PMIx.`,
    remedy:
      "Start with Open MPI's mpirun, or with srun --mpi=pmix. Processes that are to know nothing of each other are started " +
      `without ${SIZE_OF_STEP} in their environment.`,
  });
}
