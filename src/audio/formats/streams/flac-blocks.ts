// A FLAC file as it is read: intact frames as flac-frames.ts finds them, decoded in batches.

import type { FLACDecoder } from "@wasm-audio-decoders/flac";
import { importPackage } from "../../../platform/index.ts";
import { uncountedBeyond } from "../flac.ts";
import {
  readFlacFrameHeader,
  readStreamInfo,
  refersToStreamInfo,
  skipMetadata,
  streamInfoAlone,
  intactFrames,
} from "../flac-frames.ts";
import { quietly } from "../quietly.ts";
import type { OggPacket } from "../ogg-streams.ts";
import { WINDOW_BYTES, type ByteWindow } from "./byte-window.ts";
import { batchesOfOneKind } from "./frame-batches.ts";
import { NOTHING_THERE, type PacketReader, type SourceBlock, type SourceCounts } from "./source-blocks.ts";

/** Before the audio may lie pictures, each up to 16 MB. */
const MOST_METADATA_BYTES = 64 * WINDOW_BYTES;
/** No frame is longer. */
const LARGEST_FRAME_BYTES = WINDOW_BYTES;

export async function* flacBlocks(bytes: ByteWindow): AsyncGenerator<SourceBlock, SourceCounts> {
  for (let size = bytes.windowBytes; size <= MOST_METADATA_BYTES && !bytes.isEnded; size *= 2) {
    await bytes.fill(size);
    if (skipMetadata(bytes.held) !== undefined) break;
  }
  const decoder = new FrameDecoder(bytes.held);
  bytes.drop(skipMetadata(bytes.held) ?? 4);
  try {
    for await (const frames of framesOf(bytes)) yield* decoder.decode(frames);
    return decoder.counts();
  } finally {
    decoder.close();
  }
}

/** The same in Ogg: its frames are packets, the first of which has 9 bytes in front ("FLAC to Ogg mapping" of xiph.org). */
export class FlacPackets implements PacketReader {
  #decoder: FrameDecoder | undefined;

  async *push(packets: readonly OggPacket[]): AsyncGenerator<SourceBlock> {
    for (const { data } of packets) {
      if (this.#decoder) yield* this.#decoder.decode(intactFrames(data, 0));
      else this.#decoder = new FrameDecoder(data.subarray(9));
    }
  }

  async *finish(): AsyncGenerator<SourceBlock> {}

  close(): void {
    this.#decoder?.close();
  }
}

/** Frames to samples. */
class FrameDecoder {
  readonly #rateHz: number;
  readonly #totalSamples: number;
  readonly #header: Uint8Array | undefined;
  #decoder: FLACDecoder | undefined;
  #decoded = 0;
  #lastFrame = 0;

  /** @param bytes the beginning of the stream, up to the end of STREAMINFO at least */
  constructor(bytes: Uint8Array) {
    const { rateHz, totalSamples } = readStreamInfo(bytes);
    [this.#rateHz, this.#totalSamples] = [rateHz, totalSamples];
    this.#header = streamInfoAlone(bytes);
  }

  async *decode(frames: readonly Uint8Array[]): AsyncGenerator<SourceBlock> {
    if (frames.length === 0) return;
    const decoder = (this.#decoder ??= await openDecoder(frames.some(refersToStreamInfo) && this.#header));
    for (const batch of batchesOfOneKind(frames, (frame) => this.#kindOf(frame))) {
      const { channelData } = await quietly(() => decoder.decodeFrames(batch));
      const { rateHz, samples } = readFlacFrameHeader(batch[batch.length - 1]);
      this.#lastFrame = samples;
      this.#decoded += channelData[0]?.length ?? 0;
      if ((channelData[0]?.length ?? 0) > 0) yield { channels: channelData, rateHz: rateHz || this.#rateHz };
    }
  }

  counts(): SourceCounts {
    const [counted, there] = [this.#totalSamples, this.#decoded];
    const uncountedSamples = counted > 0 ? uncountedBeyond(counted, there, this.#lastFrame) : 0;
    return there === 0 ? NOTHING_THERE : { missingSamples: Math.max(0, counted - there), uncountedSamples };
  }

  close(): void {
    this.#decoder?.free();
  }

  #kindOf(frame: Uint8Array): string {
    const { rateHz, channels } = readFlacFrameHeader(frame);
    return `${rateHz || this.#rateHz}/${channels}`;
  }
}

/** @param header decoded first, where frames refer to it */
async function openDecoder(header: Uint8Array | undefined | false): Promise<FLACDecoder> {
  const { FLACDecoder } = await importPackage(() => import("@wasm-audio-decoders/flac"));
  const decoder = new FLACDecoder();
  await decoder.ready;
  if (header) await quietly(() => decoder.decodeFrames([header]));
  return decoder;
}

/** Where a window ends a frame may be cut, so the last one waits for the next window. */
async function* framesOf(bytes: ByteWindow): AsyncGenerator<readonly Uint8Array[]> {
  for (let isLast = false; !isLast;) {
    await bytes.fillNext();
    isLast = bytes.isEnded;
    const { held } = bytes;
    const found = intactFrames(held, 0);
    const whole = isLast ? found : found.filter((frame) => endIn(held, frame) < held.length);
    if (whole.length > 0) yield whole;
    const used = whole.length > 0 ? endIn(held, whole[whole.length - 1]) : held.length - LARGEST_FRAME_BYTES;
    bytes.drop(Math.max(0, used));
  }
}

const endIn = (held: Uint8Array, part: Uint8Array): number =>
  part.byteOffset - held.byteOffset + part.byteLength;
