// A command that several ranks run together, started by mpirun or srun: rank 0 speaks for all. A fault that all know of ends
// every process in good order; with one that the others cannot know of, this process ends at once, and the launcher ends
// theirs.

import { Option } from "commander";
import { isRank, launchedRank, openRanks, type Ranks } from "../../platform/index.ts";
import { exitCodeOf, faultOf } from "./faults.ts";
import { parseSeconds } from "./options.ts";
import { Output } from "./output.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

export interface RankOptions {
  readonly mpi?: true;
  readonly rankTimeout?: number;
}

export const rankOptions = (): Option[] => [
  new Option(
    "--mpi",
    "be one of several ranks, where mpirun or srun cannot be seen by itself: docs/cluster.md",
  ),
  new Option(
    "--rank-timeout <seconds>",
    "with mpirun: how long to wait for the other ranks, or the link, before giving up (300)",
  ).argParser(parseSeconds),
];

/** Given by every command to what it runs: none where it runs by itself. */
type RankWork = (ranks: Ranks | undefined, output: Output) => Promise<void>;

export async function asRank(
  session: Session,
  { mpi, rankTimeout }: RankOptions,
  work: RankWork,
): Promise<void> {
  if (!mpi && !isRank()) return work(undefined, session.output);
  const ranks = await openRanks({ timeoutSeconds: rankTimeout });
  const leads = ranks.rank === 0;
  try {
    await requireSameVersion(ranks);
    await work(ranks, leads ? session.output : silent(session.output));
    await ranks.close();
  } catch (error) {
    if (!(await isShared(error))) return failAlone(error, ranks, session);
    await ranks.close();
    if (leads) throw error;
  }
}

/**
 * A fault that comes before ranks know each other, such as a mistake in the command, is usually that of all: the others leave
 * its report to rank 0, at whose end the launcher ends them.
 */
export async function afterRankZero(): Promise<void> {
  if (isRank() && launchedRank() > 0) await passed(2 * PATIENCE_MS); // it may have begun later
}

/** @throws SharedFault RANKS_DIFFER */
export async function requireSameVersion(ranks: Ranks, own = version()): Promise<void> {
  const versions = (await ranks.gather(new TextEncoder().encode(own))).map((bytes) =>
    new TextDecoder().decode(bytes),
  );
  const odd = versions.findIndex((one) => one !== versions[0]);
  if (odd < 0) return;
  const { differing } = await import("../../training/index.ts");
  throw differing(odd, ranks.size, `its version of Earshot is ${versions[odd]}, and not ${versions[0]}`);
}

async function isShared(error: unknown): Promise<boolean> {
  const { isKnownToAll } = await import("../../training/index.ts");
  return isKnownToAll(error);
}

/** How long other ranks give rank 0 to report a fault that is usually that of all. */
const PATIENCE_MS = 5000;
const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function failAlone(error: unknown, ranks: Ranks, { output }: Session): Promise<void> {
  const fault = await faultOf(error, "earshot --help");
  if (ranks.rank > 0) await passed(PATIENCE_MS);
  const place = `rank ${ranks.rank} of ${ranks.size}`;
  const where = fault.where?.startsWith("rank")
    ? fault.where
    : [place, fault.where].filter(Boolean).join(", ");
  output.fail(fault.with({ where }));
  ranks.abandon(exitCodeOf(fault));
}

/** For ranks that another speaks for. */
function silent({ json }: Output): Output {
  const nothing = () => undefined;
  return new Output(json, {
    interactive: false,
    write: nothing,
    note: nothing,
    progress: nothing,
    clear: nothing,
  });
}
