// Ranks within one process, for tests: calls meet in memory, and what crosses is copied.

import { rankSilent, type RankMessage, type Ranks, type RanksOptions } from "../ranks.ts";

/** One call that all ranks make, with what each gives. */
interface Meeting {
  readonly what: string;
  readonly given: Uint8Array[];
  arrived: number;
  readonly done: Promise<void>;
  readonly finish: () => void;
}

interface MemoryJob {
  readonly size: number;
  readonly meetings: Map<number, Meeting>;
  readonly boxes: readonly RankMessage[][];
  readonly timeoutSeconds: number;
  /** Settled when one rank abandons the job. */
  readonly abandoned: Promise<void>;
  readonly abandon: () => void;
}

/** As many ranks as asked for, in their order. When one abandons the job, the others wait in vain at once. */
export function memoryRanks(size: number, { timeoutSeconds = 30 }: RanksOptions = {}): Ranks[] {
  const boxes = Array.from({ length: size }, () => new Array<RankMessage>());
  let abandon = (): void => undefined;
  const abandoned = new Promise<void>((resolve) => (abandon = resolve));
  const job: MemoryJob = { size, meetings: new Map(), boxes, timeoutSeconds, abandoned, abandon };
  return Array.from({ length: size }, (_, rank) => memoryRank(job, rank));
}

function memoryRank(job: MemoryJob, rank: number): Ranks {
  const { size, boxes } = job;
  let calls = 0;
  const meet = (what: string, bytes: Uint8Array) => attend(job, rank, calls++, what, bytes.slice());
  return {
    rank,
    size,
    timeoutSeconds: job.timeoutSeconds,
    async sum(values) {
      const own = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const all = await meet(`sum of ${values.length}`, own);
      values.fill(0);
      const Values = values.constructor as Float32ArrayConstructor;
      for (const { buffer } of all) {
        const part = new Values(buffer as ArrayBuffer);
        for (let i = 0; i < values.length; i++) values[i] += part[i];
      }
    },
    gather: (bytes) => meet("gather", bytes),
    broadcast: async (bytes) => (await meet("broadcast", bytes))[0],
    async exchange(blocks) {
      const length = blocks.length / size;
      const all = await meet(`exchange of ${blocks.length}`, blocks);
      return Uint8Array.from(all.flatMap((given) => [...given.subarray(rank * length, (rank + 1) * length)]));
    },
    barrier: async () => void (await meet("barrier", new Uint8Array())),
    send: async (to, bytes) => void boxes[to].push({ from: rank, bytes: bytes.slice() }),
    receive: (signal) => nextMessage(boxes[rank], signal),
    share: async () => ({ rank, size, handle: "memory", timeoutSeconds: job.timeoutSeconds }),
    abandon: job.abandon,
    close: async () => void (await meet("close", new Uint8Array())),
  };
}

async function attend(
  job: MemoryJob,
  rank: number,
  call: number,
  what: string,
  bytes: Uint8Array,
): Promise<readonly Uint8Array[]> {
  const meeting = job.meetings.get(call) ?? newMeeting(what);
  if (meeting.what !== what)
    throw new Error(`Rank ${rank} calls "${what}" where another calls "${meeting.what}".`);
  job.meetings.set(call, meeting);
  meeting.given[rank] = bytes;
  if (++meeting.arrived === job.size) {
    job.meetings.delete(call);
    meeting.finish();
  }
  const silent = () => rankSilent(what, { rank, size: job.size }, job.timeoutSeconds);
  await within(meeting.done, job, silent);
  return meeting.given.map((given) => given.slice());
}

function newMeeting(what: string): Meeting {
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { what, given: [], arrived: 0, done, finish };
}

async function within(
  work: Promise<void>,
  { timeoutSeconds, abandoned }: MemoryJob,
  fault: () => Error,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(fault());
    timer = setTimeout(giveUp, 1000 * timeoutSeconds);
    void abandoned.then(giveUp);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function nextMessage(box: RankMessage[], signal?: AbortSignal): Promise<RankMessage> {
  for (;;) {
    signal?.throwIfAborted();
    const message = box.shift();
    if (message) return message;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
