// Work that the ranks of a job do together: each does its part, and all learn what came of every part, or the fault of the
// first that failed. One that takes longer says so now and then, so that a rank that died is told from one that works.

import { EarshotError, type Fault } from "../../errors.ts";
import type { Ranks } from "../../platform/index.ts";

/** A fault that every rank knows of, so that one of them tells it, and all end in good order. */
export class SharedFault extends EarshotError {}

/** Whether every rank ends with this error: a fault that they told each other, or an interruption that they agreed on. */
export const isKnownToAll = (error: unknown): boolean =>
  error instanceof SharedFault || (error instanceof EarshotError && error.code === "INTERRUPTED");

/** What a rank says of its part. */
type Report<Result> = { readonly result: Result } | { readonly fault: Fault } | { readonly busy: true };

/** A rank whose part takes long says that it lives at least so often, and at least so many times while the others wait for it. */
const HEARTBEAT_MS = 10_000;
const HEARTBEATS = 3;

/**
 * @param work gives plain data, as JSON can hold it
 * @returns the results of all ranks, in their order
 * @throws SharedFault; RANK_SILENT, RANK_LOST
 */
export async function allOf<Result>(ranks: Ranks, work: () => Promise<Result>): Promise<Result[]> {
  const own = reportOf(work);
  for (;;) {
    const said = await withinHeartbeat(own, ranks.timeoutSeconds);
    const reports = (await ranks.gather(encode(said))).map((bytes) => decode<Result>(bytes));
    const failed = reports.findIndex((report) => "fault" in report);
    if (failed >= 0) throw sharedFault((reports[failed] as { fault: Fault }).fault, failed, ranks.size);
    if (!reports.some((report) => "busy" in report))
      return reports.map((report) => (report as { result: Result }).result);
  }
}

async function reportOf<Result>(work: () => Promise<Result>): Promise<Report<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof EarshotError) return error.fault;
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "TRAINING_FAILED", problem, remedy: "This is a bug in Earshot: please report it." };
}

async function withinHeartbeat<Result>(
  own: Promise<Report<Result>>,
  timeoutSeconds: number,
): Promise<Report<Result>> {
  const soon = Math.min(HEARTBEAT_MS, (1000 * timeoutSeconds) / HEARTBEATS);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const busy = new Promise<Report<Result>>((resolve) => {
    timer = setTimeout(() => resolve({ busy: true }), soon);
  });
  const first = await Promise.race([own, busy]);
  clearTimeout(timer);
  return first;
}

function sharedFault({ where, ...fault }: Fault, rank: number, size: number): SharedFault {
  const place = `rank ${rank} of ${size}`;
  return new SharedFault({ ...fault, where: where === undefined ? place : `${place}, ${where}` });
}

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = <Result>(bytes: Uint8Array): Report<Result> =>
  JSON.parse(new TextDecoder().decode(bytes)) as Report<Result>;
