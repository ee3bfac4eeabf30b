// What it takes ranks to sum their gradients: reduce-scatter and all-gather in a ring (Patarasuk & Yuan 2009, Bandwidth optimal
// all-reduce algorithms for clusters of workstations), as the platform's driver asks Open MPI for, bucket by bucket, and how
// much of it the backward pass hides.

export interface Link {
  /** What an application gets out of it in one direction, of each rank. */
  readonly bytesPerSecond: number;
  /** From call to call of a message that is empty. */
  readonly latencySeconds: number;
}

/** Of a frame of Ethernet with its gap, 1538 bytes, what TCP with time stamps carries. */
const TCP_PAYLOAD = 1448 / 1538;
/** That ranks copy, send and add up, as measured without a link's limit (bench/RESULTS.md). */
const HANDLED_BYTES_PER_SECOND = 1e9;

/** What sums get out of a link over TCP. @param rate of the link, in bytes a second */
export const usableRate = (rate: number): number =>
  1 / (1 / (TCP_PAYLOAD * rate) + 1 / HANDLED_BYTES_PER_SECOND);

export interface Exchange {
  /** Of one rank's gradient, as it is sent. */
  readonly bytes: number;
  readonly bucketBytes: number;
  readonly link: Link;
  /** Part of a step's computing, at its end, in which buckets are complete one after the other; 0: all of them at its end. */
  readonly overlap: number;
}

/** Seconds until every rank has the sum of all: around the ring twice, each message a rank's part. */
export function allReduceSeconds(
  bytes: number,
  ranks: number,
  { bytesPerSecond, latencySeconds }: Link,
): number {
  const messages = 2 * (ranks - 1);
  return messages * latencySeconds + (2 * (ranks - 1) * bytes) / ranks / bytesPerSecond;
}

/** Before the gradients ranks tell each other how they did: their lengths, then what they say. */
const REPORTS = 2;

/** Seconds of the exchange that are left when a step of so many seconds has been computed. */
export function exposedSeconds(exchange: Exchange, ranks: number, computeSeconds: number): number {
  const { bytes, bucketBytes, link, overlap } = exchange;
  const buckets = Math.max(1, Math.ceil(bytes / bucketBytes));
  const each = allReduceSeconds(bytes / buckets, ranks, link);
  // one after the other, and complete at equal distances: either the link waits for the last one, or only for the first
  const first = computeSeconds * (1 - overlap * (1 - 1 / buckets));
  const sent = Math.max(first + buckets * each, computeSeconds + each);
  const reports = REPORTS * Math.ceil(Math.log2(ranks)) * link.latencySeconds;
  return sent - computeSeconds + reports;
}
