// `mpirun -np N earshot transcribe … --out DIR`: every rank lists the recordings, rank 0 says which are open.

import { EarshotError } from "../../../errors.ts";
import type { Ranks } from "../../../platform/index.ts";
import { openRecognizer } from "../recognizer.ts";
import type { Session } from "../session.ts";
import { Portions } from "./portions.ts";
import { jobName } from "./queue/job-name.ts";
import { RankFollower, RankLeader } from "./rank-job.ts";
import { SharedReport } from "./report.ts";
import { workOn, type SharedWork } from "./shared-job.ts";
import { transcriptOptions, type FolderTask, type TranscribeFlags } from "./task.ts";
import { TranscriptLog } from "./transcript-log.ts";
import { sizesOf, transcriptStates, tellStates } from "./work.ts";

export async function transcribeOnRank(
  ranks: Ranks,
  task: FolderTask,
  options: TranscribeFlags,
  session: Session,
): Promise<void> {
  const jobs = await ranks.gather(new TextEncoder().encode(await jobOf(task, options)));
  if (ranks.rank === 0) {
    checkSameJob(jobs);
    return lead(ranks, task, options, session);
  }
  try {
    await follow(ranks, task, options, session);
  } catch (error) {
    if (error !== session.signal.reason) throw error; // else rank 0 says so, and ends the others
  }
}

async function lead(
  ranks: Ranks,
  task: FolderTask,
  options: TranscribeFlags,
  session: Session,
): Promise<void> {
  const { recordings, folder, files, failures } = task;
  const log = await TranscriptLog.open(folder, transcriptOptions(options));
  const states = await transcriptStates(recordings, files, log, options.restart === true);
  tellStates(recordings, states, files, session.output);
  const open = [...recordings.keys()].filter((i) => states[i] === "open");
  await tell(ranks, open);
  const report = new SharedReport(recordings, open, new Set(), { files, log }, session);
  for (const { path, error } of failures) await report.failedOperand(path, error);
  if (open.length > 0) {
    const portions = new Portions(await sizesOf(open.map((index) => recordings[index])), ranks.size);
    const settle = async (outcome: Parameters<typeof report.settle>[0]) => {
      await report.settle(outcome);
      session.output.progress(`transcribing ${report.done}/${open.length} on ${ranks.size} ranks`);
    };
    await withWork(task, options, session, async (work) => {
      const leader = new RankLeader(ranks, { portions, open, settle, signal: work.signal });
      await Promise.all([leader.serve(), workOn(leader, work)]);
    });
  }
  await report.close();
}

async function follow(
  ranks: Ranks,
  task: FolderTask,
  options: TranscribeFlags,
  session: Session,
): Promise<void> {
  const open = await told(ranks);
  if (open.length > 0)
    await withWork(task, options, session, (work) => workOn(new RankFollower(ranks, work.signal), work));
}

/** Which recordings are open. */
const tell = async (ranks: Ranks, open: readonly number[]): Promise<void> =>
  void (await ranks.broadcast(new TextEncoder().encode(JSON.stringify(open))));

const told = async (ranks: Ranks): Promise<readonly number[]> =>
  JSON.parse(new TextDecoder().decode(await ranks.broadcast(new Uint8Array()))) as number[];

/** Opens what transcribes; what runs beside it ends with it. */
async function withWork(
  { recordings, writer, jsonOf }: FolderTask,
  options: TranscribeFlags,
  session: Session,
  run: (work: SharedWork) => Promise<void>,
): Promise<void> {
  const recognizer = await openRecognizer(options, "transcribe", session);
  const ended = new AbortController();
  const signal = AbortSignal.any([session.signal, ended.signal]);
  try {
    await run({ recognizer, recordings, writer, jsonOf, signal });
  } finally {
    ended.abort();
    await recognizer.close();
  }
}

/** Of all that makes the transcripts: ranks with another model would leave a folder of both. */
const jobOf = async ({ recordings }: FolderTask, options: TranscribeFlags): Promise<string> =>
  jobName(recordings, await sizesOf(recordings), transcriptOptions(options));

/** By rank 0, before anything is written; the others wait for what it says. @throws EarshotError RANKS_DIFFER */
function checkSameJob(jobs: readonly Uint8Array[]): void {
  const names = jobs.map((job) => new TextDecoder().decode(job));
  const odd = names.findIndex((name) => name !== names[0]);
  if (odd < 0) return;
  throw new EarshotError({
    code: "RANKS_DIFFER",
    where: `rank ${odd} of ${names.length}`,
    problem: "It has other recordings, another model or other options than rank 0.",
    remedy:
      "Start every rank with the same command, and give all machines the same files by the same paths, such as a folder that all mount.",
  });
}
