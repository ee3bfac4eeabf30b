// Ranks over Open MPI. A call blocks a thread of koffi's, so that this thread's events go on; the calls of one `Ranks` are
// made one after another, and those of another thread have a communicator of their own.

import { EarshotError } from "../../../errors.ts";
import { rankSilent, type RankMessage, type Ranks, type SharedRanks } from "../../ranks.ts";
import { mpiMissing, THREAD_MULTIPLE, type Address, type MpiLibrary } from "./library.ts";

const MESSAGE = 1; // tag
const FIRST_POLL_MS = 1;
const LONGEST_POLL_MS = 20;
/** MPI counts in 32-bit integers: longer arrays go in pieces. */
const MOST_ELEMENTS = 2 ** 28;

/** How long ranks wait for each other at their beginning, at least: on busy machines they start apart. */
const LEAST_MEETING_SECONDS = 120;

/**
 * The ranks of this process, when all are there.
 * @throws EarshotError RANK_LOST, RANK_SILENT; MPI_MISSING where the library is built without threads
 */
export async function beginRanks(
  mpi: MpiLibrary,
  timeoutSeconds: number,
  check: (size: number) => void,
): Promise<MpiRanks> {
  const [code, level] = mpi.initThread();
  if (code !== 0) throw rankLost("a rank", "MPI_Init_thread", mpi.errorText(code));
  if (level < THREAD_MULTIPLE)
    throw mpiMissing(
      "Open MPI's library was built without support for several threads (MPI_THREAD_MULTIPLE).",
      "apt-get install openmpi-bin libopenmpi-dev",
    );
  const meeting = new MpiRanks(mpi, mpi.world, Math.max(timeoutSeconds, LEAST_MEETING_SECONDS), false);
  check(meeting.size);
  await meeting.barrier();
  return new MpiRanks(mpi, mpi.world, timeoutSeconds, true);
}

export class MpiRanks implements Ranks {
  readonly rank: number;
  readonly size: number;
  readonly #mpi: MpiLibrary;
  readonly #communicator: Address;
  readonly timeoutSeconds: number;
  readonly #isFirst: boolean;
  #last: Promise<unknown> = Promise.resolve();

  /** @param isFirst whether it began, and so ends, the library's work in this process */
  constructor(mpi: MpiLibrary, communicator: Address, timeoutSeconds: number, isFirst: boolean) {
    this.#mpi = mpi;
    this.#communicator = communicator;
    this.timeoutSeconds = timeoutSeconds;
    this.#isFirst = isFirst;
    this.rank = mpi.rankOf(communicator);
    this.size = mpi.sizeOf(communicator);
    mpi.returnErrors(communicator);
  }

  async sum(values: Float32Array | Float64Array): Promise<void> {
    const type = values instanceof Float32Array ? this.#mpi.float : this.#mpi.double;
    for (let from = 0; from < values.length; from += MOST_ELEMENTS) {
      const part = values.subarray(from, from + MOST_ELEMENTS);
      await this.#call("sum", () => this.#mpi.allReduceSum(part, part.length, type, this.#communicator));
    }
  }

  async gather(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
    const { byte } = this.#mpi;
    const lengths = new Int32Array(this.size);
    const own = bytesOf(Int32Array.of(bytes.length));
    await this.#call("gather", () =>
      this.#mpi.allGather(own, own.length, byte, lengths, own.length, byte, this.#communicator),
    );
    const starts = lengths.map((_, i) => lengths.subarray(0, i).reduce((sum, length) => sum + length, 0));
    const all = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    await this.#call("gather", () =>
      this.#mpi.allGatherV(bytes, bytes.length, byte, all, lengths, starts, byte, this.#communicator),
    );
    return Array.from(lengths, (length, i) => all.slice(starts[i], starts[i] + length));
  }

  async broadcast(bytes: Uint8Array): Promise<Uint8Array> {
    const length = Float64Array.of(bytes.length);
    await this.#broadcast(bytesOf(length));
    const all = this.rank === 0 ? bytes : new Uint8Array(length[0]);
    for (let from = 0; from < all.length; from += MOST_ELEMENTS)
      await this.#broadcast(all.subarray(from, from + MOST_ELEMENTS));
    return all;
  }

  #broadcast(part: Uint8Array): Promise<void> {
    return this.#call("broadcast", () =>
      this.#mpi.broadcast(part, part.length, this.#mpi.byte, 0, this.#communicator),
    );
  }

  async exchange(blocks: Uint8Array): Promise<Uint8Array> {
    const [{ byte }, length] = [this.#mpi, blocks.length / this.size];
    const received = new Uint8Array(blocks.length);
    await this.#call("exchange", () =>
      this.#mpi.allToAll(blocks, length, byte, received, length, byte, this.#communicator),
    );
    return received;
  }

  barrier(): Promise<void> {
    return this.#call("barrier", () => this.#mpi.barrier(this.#communicator));
  }

  /** Not in turn with the calls of all ranks. */
  async send(to: number, bytes: Uint8Array): Promise<void> {
    const { byte } = this.#mpi;
    await this.#within("send", this.#mpi.send(bytes, bytes.length, byte, to, MESSAGE, this.#communicator));
  }

  /** Asks now and then: a blocking call would keep a processor busy. */
  async receive(signal?: AbortSignal): Promise<RankMessage> {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(2 * pause, LONGEST_POLL_MS)) {
      signal?.throwIfAborted();
      const [code, next] = this.#mpi.probe(MESSAGE, this.#communicator);
      if (code !== 0) throw this.#failed("receive", code);
      if (next) {
        const bytes = new Uint8Array(next.bytes);
        const { byte } = this.#mpi;
        const parameters = [bytes, bytes.length, byte, next.from, MESSAGE, this.#communicator] as const;
        await this.#within("receive", this.#mpi.receive(...parameters));
        return { from: next.from, bytes };
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async share(): Promise<SharedRanks> {
    await this.barrier(); // what follows is a call of all ranks that blocks this thread
    const [code, copy] = this.#mpi.duplicate(this.#communicator);
    if (code !== 0) throw this.#failed("share", code);
    const { rank, size, timeoutSeconds } = this;
    return { rank, size, handle: String(copy), timeoutSeconds };
  }

  abandon(exitCode: number): void {
    this.#mpi.exitNow(exitCode);
  }

  async close(): Promise<void> {
    await this.#last;
    if (!this.#isFirst) return;
    await this.barrier();
    this.#mpi.finalize();
  }

  /** One after another. */
  #call(what: string, call: () => Promise<number>): Promise<void> {
    const result = this.#last.then(() => this.#within(what, call()));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #within(what: string, call: Promise<number>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(rankSilent(what, this, this.timeoutSeconds)),
        1000 * this.timeoutSeconds,
      );
    });
    try {
      const code = await Promise.race([call, late]);
      if (code !== 0) throw this.#failed(what, code);
    } finally {
      clearTimeout(timer);
    }
  }

  #failed(what: string, code: number): EarshotError {
    return rankLost(`rank ${this.rank} of ${this.size}`, what, this.#mpi.errorText(code));
  }
}

function rankLost(where: string, what: string, reported: string): EarshotError {
  return new EarshotError({
    code: "RANK_LOST",
    where,
    problem: `Open MPI reports "${reported}" (${what}): another rank, or the link to it, is lost.`,
    remedy:
      "Look at the machines and the network between them, then go on with --resume, with fewer ranks if need be.",
  });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
