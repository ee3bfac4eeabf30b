// Ranks: the processes of one job, on one machine or many, numbered from 0. Every rank runs the same program and makes the
// same calls in the same order; a call is done when all have made it. A platform's driver carries the bytes (Open MPI, or
// the memory of one process); nothing here knows what they mean.

import { EarshotError } from "../errors.ts";

/** A message from one rank to another. */
export interface RankMessage {
  readonly from: number;
  readonly bytes: Uint8Array;
}

export interface Ranks {
  /** This one's number, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** How long it waits for the others, in a call of all ranks. */
  readonly timeoutSeconds: number;
  /** Adds up, element by element, what all ranks have: the sum takes its place, the same bits in each. */
  sum(values: Float32Array | Float64Array): Promise<void>;
  /** What each rank gives, in their order; they may differ in length. */
  gather(bytes: Uint8Array): Promise<readonly Uint8Array[]>;
  /** What rank 0 gives; what the others give does not count. */
  broadcast(bytes: Uint8Array): Promise<Uint8Array>;
  /** Blocks of one length, a multiple of `size` bytes in all: block j goes to rank j, and block i of the result is from rank i. */
  exchange(blocks: Uint8Array): Promise<Uint8Array>;
  /** Until all are here. */
  barrier(): Promise<void>;
  /** To one rank, which has to receive it; not in step with the others. */
  send(to: number, bytes: Uint8Array): Promise<void>;
  /** The next message of any rank, however long it takes; waits without using the processor. @throws the signal's reason */
  receive(signal?: AbortSignal): Promise<RankMessage>;
  /** The same ranks once more, for a thread of its own whose calls do not meet those made here: plain data for `joinRanks`. */
  share(): Promise<SharedRanks>;
  /**
   * Ends this process at once, with nothing more written, so that the launcher ends the other ranks too. For faults that the
   * others cannot know of.
   */
  abandon(exitCode: number): void;
  /** When nothing is left to say to each other; waits for the others. */
  close(): Promise<void>;
}

/** What `joinRanks` needs in another thread. */
export interface SharedRanks {
  readonly rank: number;
  readonly size: number;
  /** Of the driver. */
  readonly handle: string;
  readonly timeoutSeconds: number;
}

export interface RanksOptions {
  /** How long a rank waits for the others, or for the link, before it gives up. */
  readonly timeoutSeconds?: number;
}

/** Longer than anything that ranks wait for in a healthy job: a step, the other ranks' dev split, a checkpoint. */
export const RANK_TIMEOUT_SECONDS = 300;

/** The error of a rank that waited in vain. */
export function rankSilent(
  what: string,
  { rank, size }: Pick<Ranks, "rank" | "size">,
  seconds: number,
): EarshotError {
  return new EarshotError({
    code: "RANK_SILENT",
    where: `rank ${rank} of ${size}`,
    problem: `The other ranks did not answer within ${seconds} s (${what}): one has died, the link is lost, or it is far too slow.`,
    remedy:
      "Look at the machines and the network between them, then go on (train --resume, with fewer ranks if need be; transcribe " +
      "with the same command); --rank-timeout waits longer.",
  });
}
