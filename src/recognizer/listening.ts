// The way of many recordings through the models: opened one after the other, their pieces heard in batches of similar
// length, and handed to whoever asked as soon as a batch is done; what comes of them leaves in the order of the
// recordings. Knows nothing of what is made of the rows.

import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import type { AcousticModel, ModelInput } from "../model/index.ts";
import { BATCH_FRAMES, groupByFrames, packByLength } from "./batches.ts";
import { openSource } from "./sources.ts";
import type { OpenSource, Source } from "./sources.ts";

export interface ListeningOptions {
  /** Stops between batches by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  /** Padded frames run at once: more is faster until memory is the limit. */
  readonly batchFrames?: number;
  /** Called after every batch. */
  readonly onProgress?: (progress: ListeningProgress) => void;
}

export interface ListeningProgress {
  /** Length of what has been heard. */
  readonly seconds: number;
  /** Length of the recordings that have been opened so far, all of them together. */
  readonly ofSeconds: number;
}

/** What was made of a recording: one part for each of its pieces. */
export interface Listened<Part> {
  readonly parts: readonly { readonly startMs: number; readonly part: Part }[];
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
}

export type ListeningOutcome<Kind, Part> =
  | { readonly source: Kind; readonly listened: Listened<Part> }
  | { readonly source: Kind; readonly error: EarshotError };

type Opened<Kind> =
  | { readonly source: Kind; readonly open: OpenSource }
  | { readonly source: Kind; readonly error: EarshotError };

/** A piece of a recording; of one that cannot be read, nothing. */
interface Piece<Kind> {
  readonly recording: Opened<Kind>;
  readonly startMs: number;
  readonly input?: ModelInput;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** @param take makes a part of the rows [T', V] of a piece, natural logarithms */
export async function* listen<Kind extends Source, Part>(
  model: AcousticModel,
  sources: Iterable<Kind> | AsyncIterable<Kind>,
  take: (rows: Float32Array) => Part,
  options: ListeningOptions,
): AsyncGenerator<ListeningOutcome<Kind, Part>, void> {
  let parts: { startMs: number; part: Part }[] = [];
  for await (const { piece, part } of hearPieces(model, sources, take, options)) {
    options.signal?.throwIfAborted();
    const { recording, startMs, isLast } = piece;
    if (part !== undefined) parts.push({ startMs, part });
    if (!isLast) continue;
    if ("error" in recording) yield recording;
    else {
      const { warnings, seconds } = recording.open;
      yield { source: recording.source, listened: { parts, warnings, seconds } };
    }
    parts = [];
  }
}

/** Each piece with its part, in the order of the recordings. */
async function* hearPieces<Kind extends Source, Part>(
  model: AcousticModel,
  sources: Iterable<Kind> | AsyncIterable<Kind>,
  take: (rows: Float32Array) => Part,
  { signal, batchFrames = BATCH_FRAMES, onProgress }: ListeningOptions,
): AsyncGenerator<{ readonly piece: Piece<Kind>; readonly part?: Part }, void> {
  const hopSeconds = model.hopMs / 1000;
  let [seconds, ofSeconds] = [0, 0];
  for await (const group of groupByFrames(openPieces(model, sources, signal), frameCount)) {
    for (const { recording, isFirst } of group)
      if (isFirst && "open" in recording) ofSeconds += recording.open.seconds;
    const parts = new Map<Piece<Kind>, Part>();
    for (const batch of packByLength(group.filter(hasInput), frameCount, batchFrames)) {
      signal?.throwIfAborted();
      const rows = await model.logProbabilities(batch.map(({ input }) => input));
      batch.forEach((piece, b) => parts.set(piece, take(rows[b])));
      seconds += batch.reduce((sum, piece) => sum + frameCount(piece) * hopSeconds, 0);
      onProgress?.({ seconds, ofSeconds });
    }
    for (const piece of group) yield { piece, part: parts.get(piece) };
  }
}

async function* openPieces<Kind extends Source>(
  model: AcousticModel,
  sources: Iterable<Kind> | AsyncIterable<Kind>,
  signal?: AbortSignal,
): AsyncGenerator<Piece<Kind>, void> {
  for await (const source of sources) {
    signal?.throwIfAborted();
    const recording = await open(model, source);
    if ("error" in recording) yield { recording, startMs: 0, isFirst: true, isLast: true };
    else {
      const { pieces } = recording.open;
      for (const [i, { startMs, prepare }] of pieces.entries()) {
        signal?.throwIfAborted();
        const isLast = i === pieces.length - 1;
        yield { recording, startMs, input: prepare(), isFirst: i === 0, isLast };
      }
    }
  }
}

/** A source that cannot be read does not stop the others. */
async function open<Kind extends Source>(model: AcousticModel, source: Kind): Promise<Opened<Kind>> {
  try {
    return { source, open: await openSource(source, model) };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { source, error };
  }
}

const hasInput = <Kind>(piece: Piece<Kind>): piece is Piece<Kind> & { input: ModelInput } =>
  piece.input !== undefined;

const frameCount = ({ input }: Piece<unknown>): number => input?.length ?? 0;
