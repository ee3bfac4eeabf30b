// Pieces → rows of log-probabilities: the pieces of many recordings run through the models in batches of similar length. The
// rows of a piece are handed to the caller's `take` as soon as its batch is done; what that makes of them leaves in the order
// of the recordings. Knows nothing of what it makes.

import type { Decoder, Emission } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Ensemble, EnsembleInput } from "../model/index.ts";
import { BATCH_FRAMES, groupByFrames, packByLength } from "./batches.ts";
import { rowsOfLongRecording } from "./row-stream.ts";
import type { PlacedPart, RecordingParts } from "./recording-parts.ts";
import { SeamStream, type Kept, type SoundSpan } from "./seams.ts";
import type { Word } from "./transcription.ts";
import { openSource } from "./sources.ts";
import type { LongInput, OpenSource, PieceInput, Source } from "./sources.ts";

export interface TranscribeOptions {
  /** Stops between batches by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  /** In place of the recognizer's own: `decoderFor` makes one. */
  readonly decoder?: Decoder;
  /** Padded frames run at once: more is faster until memory is the limit. */
  readonly batchFrames?: number;
  /** Called after every batch. */
  readonly onProgress?: (progress: TranscriptionProgress) => void;
  /** Words of the long file that is being read, as soon as they and their times are final; of others none come early. */
  readonly onWords?: (words: readonly Word[]) => void;
}

export interface TranscriptionProgress {
  /** Length of what has gone through the model. */
  readonly seconds: number;
  /** Length of the recordings that have been opened so far, all of them together. */
  readonly ofSeconds: number;
}

export type RecordingOutcome<Kind, Part> =
  | { readonly source: Kind; readonly recording: RecordingParts<Part> }
  | { readonly source: Kind; readonly error: EarshotError };

/** What runs in a batch, or alone; of a recording that cannot be read, nothing. */
export interface Piece {
  readonly input?: PieceInput;
  /** Of the recording that it stands for, silence included. */
  readonly seconds?: number;
}

type Opened<Kind> =
  | { readonly source: Kind; readonly open: OpenSource }
  | { readonly source: Kind; readonly error: EarshotError };

interface PieceOf<Kind> extends Piece, SoundSpan {
  readonly of: Opened<Kind>;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** @param take makes a part of what the models say of a piece */
export async function* recordingParts<Kind extends Source, Part>(
  model: Ensemble,
  sources: Iterable<Kind> | AsyncIterable<Kind>,
  take: (emissions: readonly Emission[]) => Part,
  options: TranscribeOptions,
): AsyncGenerator<RecordingOutcome<Kind, Part>, void> {
  let ofSeconds = 0;
  const onProgress = (seconds: number) => options.onProgress?.({ seconds, ofSeconds });
  const onGroup = (group: readonly PieceOf<Kind>[]) => {
    for (const { of, isFirst } of group) if (isFirst && "open" in of) ofSeconds += of.open.seconds;
  };
  const pieces = openPieces(model, sources, options.signal);
  const seams = new SeamStream(model.alphabet, take);
  const keep = (emissions: readonly Emission[], piece: PieceOf<Kind>) => seams.keep(emissions, piece);
  let parts: PlacedPart<Part>[] = [];
  for await (const { piece, part: kept } of partsInOrder<PieceOf<Kind>, Kept<Part>>(model, pieces, keep, {
    ...options,
    onGroup,
    onProgress,
  })) {
    options.signal?.throwIfAborted();
    const { of, isLast } = piece;
    if (kept !== undefined) parts.push(...seams.push(piece, kept));
    if (!isLast) continue;
    parts.push(...seams.finish());
    if ("error" in of) yield of;
    else {
      const { warnings, seconds, levels } = of.open;
      yield { source: of.source, recording: { parts, warnings, seconds, levels } };
    }
    parts = [];
  }
}

interface BatchOptions<P> extends Pick<TranscribeOptions, "signal" | "batchFrames"> {
  /** Called with the pieces that are about to run. */
  readonly onGroup?: (group: readonly P[]) => void;
  /** Called after every batch. @param seconds of sound so far */
  readonly onProgress?: (seconds: number) => void;
}

/** Each piece with its part, in their order. */
export async function* partsInOrder<P extends Piece, Part>(
  model: Ensemble,
  pieces: AsyncIterable<P>,
  take: (emissions: readonly Emission[], piece: P) => Part,
  { signal, batchFrames = BATCH_FRAMES, onGroup, onProgress }: BatchOptions<P>,
): AsyncGenerator<{ readonly piece: P; readonly part?: Part }, void> {
  let done = 0;
  for await (const group of groupByFrames(pieces, frameCount)) {
    onGroup?.(group);
    const parts = new Map<P, Part>();
    for (const batch of batchesOf(group, batchFrames)) {
      signal?.throwIfAborted();
      const emissions = await emissionsOf(
        model,
        batch.map(({ input }) => input),
        signal,
      );
      batch.forEach((piece, b) => parts.set(piece, take(emissions[b], piece)));
      done += batch.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
      onProgress?.(done);
    }
    for (const piece of group) yield { piece, part: parts.get(piece) };
  }
}

type Filled<P extends Piece> = P & { readonly input: PieceInput };

/** A long recording runs alone. */
function batchesOf<P extends Piece>(group: readonly P[], batchFrames: number): Filled<P>[][] {
  const pieces = group.filter((piece): piece is Filled<P> => piece.input !== undefined);
  const [long, short] = [true, false].map((kind) => pieces.filter(({ input }) => isLong(input) === kind));
  return [...packByLength(short, frameCount, batchFrames), ...long.map((piece) => [piece])];
}

async function emissionsOf(
  model: Ensemble,
  batch: readonly PieceInput[],
  signal?: AbortSignal,
): Promise<(readonly Emission[])[]> {
  const [first] = batch;
  if (isLong(first)) return [[model.emission(await rowsOfLongRecording(model, first.samples, signal))]];
  return model.emissions(batch as readonly EnsembleInput[]);
}

const isLong = (input: PieceInput): input is LongInput => "samples" in input;

async function* openPieces<Kind extends Source>(
  model: Ensemble,
  sources: Iterable<Kind> | AsyncIterable<Kind>,
  signal?: AbortSignal,
): AsyncGenerator<PieceOf<Kind>, void> {
  for await (const source of sources) {
    signal?.throwIfAborted();
    const of = await open(model, source);
    if ("error" in of) yield { of, startMs: 0, isFirst: true, isLast: true };
    else {
      const { pieces, seconds } = of.open;
      for (const [i, { prepare, ...span }] of pieces.entries()) {
        const { startMs } = span;
        signal?.throwIfAborted();
        const isLast = i === pieces.length - 1;
        const endMs = isLast ? 1000 * seconds : pieces[i + 1].startMs;
        const ownSeconds = (endMs - (i === 0 ? 0 : startMs)) / 1000;
        yield { of, ...span, input: prepare(), seconds: ownSeconds, isFirst: i === 0, isLast };
      }
    }
  }
}

/** A source that cannot be read does not stop the others. */
async function open<Kind extends Source>(model: Ensemble, source: Kind): Promise<Opened<Kind>> {
  try {
    return { source, open: await openSource(source, model) };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { source, error };
  }
}

const frameCount = ({ input }: Piece): number => input?.length ?? 0;
