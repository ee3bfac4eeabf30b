// `earshot transcribe … --out DIR --queue nats://…`: all who start the same command share its recordings, come and go, and
// each has all transcripts at the end. What is the same job is told by its recordings and by all that makes its transcripts.

import { openRecognizer } from "../recognizer.ts";
import type { Session } from "../session.ts";
import type { TranscriptOutcome } from "./outcome.ts";
import { connectQueue, queueLost, type QueueConnection } from "./queue/connect.ts";
import { contentMarks, jobName } from "./queue/job-name.ts";
import { JobStream } from "./queue/job-stream.ts";
import { QueueJob } from "./queue/queue-job.ts";
import { SharedReport } from "./report.ts";
import { workOn } from "./shared-job.ts";
import { transcriptOptions, type FolderTask, type TranscribeFlags } from "./task.ts";
import { TranscriptLog } from "./transcript-log.ts";
import { sizesOf, transcriptStates, tellStates } from "./work.ts";

const OFFERED_AT_ONCE = 200;

/** What one client has of the job. */
interface Part {
  readonly task: FolderTask;
  readonly options: TranscribeFlags;
  readonly report: SharedReport;
  /** Recordings whose transcripts are not in the client's folder, as indices. */
  readonly awaited: readonly number[];
  readonly session: Session;
  /** Aborted by Ctrl-C, and when the server is lost. */
  readonly signal: AbortSignal;
}

export async function transcribeByQueue(
  task: FolderTask,
  options: TranscribeFlags,
  session: Session,
): Promise<void> {
  const queue = await connectQueue(options.queue!);
  const lost = new AbortController();
  void queue.connection.closed().then(() => lost.abort(queueLost(options.queue!)));
  const signal = AbortSignal.any([session.signal, lost.signal]);
  try {
    await takePart(queue, task, options, session, signal);
  } catch (error) {
    signal.throwIfAborted(); // what fails then fails of it
    throw error;
  } finally {
    await queue.connection.drain().catch(() => undefined); // what is closed is gone
  }
}

async function takePart(
  queue: QueueConnection,
  task: FolderTask,
  options: TranscribeFlags,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { recordings, folder, files, failures } = task;
  const log = await TranscriptLog.open(folder, transcriptOptions(options));
  const states = await transcriptStates(recordings, files, log, options.restart === true);
  // another client may just have written a file whose line is not in the log yet
  const foreign = new Set([...recordings.keys()].filter((i) => states[i] === "foreign"));
  const known = states.map((state) => (state === "foreign" ? "open" : state));
  tellStates(recordings, known, files, session.output);
  const awaited = [...recordings.keys()].filter((i) => known[i] === "open");
  const report = new SharedReport(recordings, awaited, foreign, { files, log }, session);
  for (const { path, error } of failures) await report.failedOperand(path, error);
  if (awaited.length > 0) await shareWork(queue, { task, options, report, awaited, session, signal });
  await report.close();
}

async function shareWork(queue: QueueConnection, part: Part): Promise<void> {
  const { task, options, awaited, report, session, signal } = part;
  const { recordings } = task;
  const sizes = await sizesOf(recordings);
  const marks = await contentMarks(recordings, (done) =>
    session.output.progress(`looking at recordings ${done}/${recordings.length}`),
  );
  const stream = await JobStream.open(queue, await jobName(recordings, marks, transcriptOptions(options)));
  if (options.restart) await stream.forget();
  const { known, all } = await stream.outcomes();
  await settleKnown(await take(all, known), stream, part);
  const open = awaited.filter((index) => !report.isSettled(index));
  await offer(
    stream,
    open.toSorted((a, b) => sizes[b] - sizes[a]),
    sizes,
    part,
  );
  const silenceMs = 1000 * options.redeliverAfter;
  const recognizer = await openRecognizer(options, "transcribe", session);
  const job = new QueueJob(stream, await stream.workers(silenceMs), {
    silenceMs,
    tries: options.tries,
    nameOf: (index) => recordings[index].path,
    isSettled: (index) => report.isSettled(index),
    isComplete: () => report.isComplete,
    signal,
  });
  try {
    const read = readOutcomes(all, part).then(() => job.finish());
    await Promise.all([read, workOn(job, { ...task, recognizer, signal })]);
  } finally {
    void all.return?.();
    job.close();
    await recognizer.close();
  }
}

/** The first ones of what goes on afterwards. */
async function take<Item>(items: AsyncIterator<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  while (taken.length < count) {
    const { value, done } = await items.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

/** Of a job that had come to its end, what failed is tried again: somebody may have mended it. */
async function settleKnown(
  outcomes: readonly TranscriptOutcome[],
  stream: JobStream,
  { awaited, report }: Part,
): Promise<void> {
  const known = new Map(outcomes.map((outcome) => [outcome.index, outcome]));
  const isAtItsEnd = awaited.every((index) => known.has(index));
  for (const outcome of known.values())
    if (isAtItsEnd && outcome.fault) await stream.forget(outcome.index);
    else await report.settle(outcome);
}

async function offer(
  stream: JobStream,
  open: readonly number[],
  sizes: readonly number[],
  { session, signal }: Part,
): Promise<void> {
  for (let from = 0; from < open.length; from += OFFERED_AT_ONCE) {
    signal.throwIfAborted();
    session.output.progress(`offering ${from}/${open.length}`);
    const some = open.slice(from, from + OFFERED_AT_ONCE);
    await Promise.all(some.map((index) => stream.offer(index, sizes[index])));
  }
}

async function readOutcomes(
  outcomes: AsyncIterator<TranscriptOutcome>,
  { report, awaited, session }: Part,
): Promise<void> {
  while (!report.isComplete) {
    session.output.progress(`transcribing ${report.done}/${awaited.length}, with others`);
    const { value, done } = await outcomes.next();
    if (done) return;
    await report.settle(value);
  }
}
