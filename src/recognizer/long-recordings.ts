// Files too long to be held: decoded while they are read, and their text is made of as much as is there, so that memory does not grow with
// their hours. Which files these are is told from their size and format alone (audio/formats/decode-stream.ts).

import {
  AudioStream,
  LEAST_LONG_BYTES,
  SAMPLE_RATE_HZ,
  SoundLevelStream,
  type AudioFile,
} from "../audio/index.ts";
import type { Decoder } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import { fileFacts, readChunks } from "../platform/index.ts";
import type { Ensemble } from "../model/index.ts";
import { PieceTexts, RowTexts, type LongTexts } from "./long-texts.ts";
import { unreadableRecording } from "./recording.ts";
import { canStream } from "./row-stream.ts";
import type { TranscribeOptions, TranscriptionProgress } from "./rows.ts";
import { decodeRecording, type Source } from "./sources.ts";
import { transcriptionOf } from "./transcription.ts";
import type { Transcription, Word } from "./transcription.ts";
import { WordPlaceStream } from "./word-edges.ts";
import { joinBlocks } from "../tensor.ts";

/** What is recognized in one go: the batches of a model are about as long. */
const BLOCK = 80 * SAMPLE_RATE_HZ; // samples
/** Of a network that goes from step to step longer is not faster. */
const LIVE_BLOCK = 10 * SAMPLE_RATE_HZ;

/** Sources in their order; a long file parts those before it from those after it. */
export class LongRecordings<Kind extends Source> {
  readonly #sources: AsyncIterator<Kind> | Iterator<Kind>;
  #long: { readonly source: Kind; readonly audio: AudioStream } | undefined;

  constructor(sources: Iterable<Kind> | AsyncIterable<Kind>) {
    this.#sources =
      Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]();
  }

  /** Those before the next long file. */
  async *before(): AsyncGenerator<Kind, void> {
    for (;;) {
      const next = await this.#sources.next();
      if (next.done === true) return;
      const audio = await openLongRecording(next.value);
      if (audio) this.#long = { source: next.value, audio };
      if (audio) return;
      yield next.value;
    }
  }

  /** The long file that `before` came to; undefined where the sources are at their end. */
  take() {
    const long = this.#long;
    this.#long = undefined;
    return long;
  }

  async close(): Promise<void> {
    await this.#long?.audio.close();
    await this.#sources.return?.();
  }
}

/** Undefined for all that is taken whole, a file that cannot be opened among it. */
export async function openLongRecording(source: Source): Promise<AudioStream | undefined> {
  const { path, channel } = fileOf(source);
  const file = path === undefined ? undefined : await audioFile(path);
  if (!file || file.bytes <= LEAST_LONG_BYTES) return undefined;
  return AudioStream.open(file, channel).catch(() => undefined);
}

/** Undefined where there is no file. */
async function audioFile(path: string): Promise<AudioFile | undefined> {
  const facts = await fileFacts(path);
  return facts?.kind === "file" ? { path, bytes: facts.bytes, chunks: () => readChunks(path) } : undefined;
}

function fileOf(source: Source): { readonly path?: string; readonly channel?: number } {
  if (typeof source === "string") return { path: source };
  if (typeof source !== "object" || source === null || !("recording" in source)) return {};
  const { recording, channel } = source;
  return typeof recording === "string" ? { path: recording, channel } : {};
}

/** @throws DAMAGED_AUDIO, UNKNOWN_AUDIO_FORMAT, UNREADABLE_RECORDING, the signal's reason */
export async function transcribeLong(
  audio: AudioStream,
  model: Ensemble,
  decoder: Decoder,
  { signal, batchFrames, onProgress, onWords }: TranscribeOptions,
): Promise<Transcription> {
  const texts = canStream(model)
    ? new RowTexts(model, decoder)
    : await PieceTexts.open(model, decoder, { signal, batchFrames });
  try {
    return await transcriptionFrom(audio, texts, model, { signal, batchFrames, onProgress, onWords });
  } finally {
    texts.close();
  }
}

async function transcriptionFrom(
  audio: AudioStream,
  texts: LongTexts,
  model: Ensemble,
  { signal, onProgress, onWords }: TranscribeOptions,
): Promise<Transcription> {
  const levels = new SoundLevelStream();
  const places = new WordPlaceStream<Word>();
  let length = 0;
  for await (const samples of blocksOf(audio, canStream(model) ? LIVE_BLOCK : BLOCK)) {
    signal?.throwIfAborted();
    levels.push(samples);
    length += samples.length;
    const words = places.push(await texts.push(samples), levels.levels());
    if (words.length > 0) onWords?.(words);
    const seconds = length / SAMPLE_RATE_HZ;
    onProgress?.({ seconds, ofSeconds: audio.share ? seconds / audio.share : seconds });
  }
  const parts = await texts.finish();
  const recording = {
    parts,
    warnings: audio.warnings,
    seconds: length / SAMPLE_RATE_HZ,
    levels: levels.levels(),
  };
  return transcriptionOf(recording, model);
}

/** @param size of all but the last, in samples */
async function* blocksOf(audio: AudioStream, size: number): AsyncGenerator<Float32Array, void> {
  let held: Float32Array[] = [];
  let length = 0;
  for await (const samples of readable(audio)) {
    held.push(samples);
    length += samples.length;
    if (length < size) continue;
    yield joinBlocks(held);
    [held, length] = [[], 0];
  }
  yield joinBlocks(held);
}

async function* readable(audio: AudioStream): AsyncGenerator<Float32Array, void> {
  try {
    yield* audio.blocks();
  } catch (cause) {
    throw cause instanceof EarshotError ? cause : unreadableRecording(audio.path, cause as Error);
  }
}

/** Progress over sources that are taken in several runs, each of which counts from its own beginning. */
export class ProgressOfParts {
  readonly #report: TranscribeOptions["onProgress"];
  /** All of the runs before. */
  #before: TranscriptionProgress = { seconds: 0, ofSeconds: 0 };
  #last: TranscriptionProgress = { seconds: 0, ofSeconds: 0 };

  constructor(report: TranscribeOptions["onProgress"]) {
    this.#report = report;
  }

  ofNextPart(): TranscribeOptions["onProgress"] {
    this.#before = this.#last;
    return ({ seconds, ofSeconds }) => {
      this.#last = { seconds: this.#before.seconds + seconds, ofSeconds: this.#before.ofSeconds + ofSeconds };
      this.#report?.(this.#last);
    };
  }
}

/** How many channels a recording has; of a file that is told by its beginning. @throws what `transcribe` throws */
export async function countChannels(recording: string | Uint8Array): Promise<number> {
  const file = typeof recording === "string" ? await audioFile(recording) : undefined;
  const counted = file && (await AudioStream.countChannels(file).catch(() => undefined));
  return counted ?? (await decodeRecording(recording)).channels;
}

/** Whether a file has more sound than that; false for what cannot be read block by block. @throws the signal's reason */
export async function isRecordingLonger(
  path: string,
  mostSeconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  const file = await audioFile(path);
  if (!file) return false;
  try {
    return await AudioStream.isLonger(file, mostSeconds, signal);
  } catch {
    signal.throwIfAborted();
    return false; // whoever decodes it says what is wrong
  }
}
