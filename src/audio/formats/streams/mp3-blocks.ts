// An MP3 file as it is read: frames as mp3-frames.ts finds them, decoded in batches; another decoder where the kind changes.

import type { MPEGDecoder } from "mpg123-decoder";
import { importPackage } from "../../../platform/index.ts";
import { announcedFrames, withBelievableGaps } from "../mp3.ts";
import { findMp3Frames, type Mp3Frame } from "../mp3-frames.ts";
import { quietly } from "../quietly.ts";
import type { ByteWindow } from "./byte-window.ts";
import { batchesOfOneKind } from "./frame-batches.ts";
import { NOTHING_THERE, type SourceBlock, type SourceCounts } from "./source-blocks.ts";

/** Of the next frame, whose header confirms the one before. */
const HEADER_BYTES = 4;
/** No frame is longer. */
const LARGEST_FRAME_BYTES = 4096;

export async function* mp3Blocks(bytes: ByteWindow): AsyncGenerator<SourceBlock, SourceCounts> {
  const decoders = new Mp3Decoders();
  let [count, counted, samples] = [0, 0, 0];
  try {
    for (let isLast = false; !isLast;) {
      await bytes.fillNext();
      isLast = bytes.isEnded;
      const { held } = bytes;
      const limit = isLast ? held.length : held.length - HEADER_BYTES;
      const frames = findMp3Frames(held, count === 0 ? undefined : Infinity).filter(
        ({ end }) => end <= limit,
      );
      if (count === 0 && frames.length > 0)
        [counted, samples] = [announcedFrames(held, frames[0]), frames[0].samples];
      for (const batch of batchesOfOneKind(frames, ({ kind, channels }) => `${kind}/${channels}`)) {
        const channels = await decoders.decode(held, batch);
        if (channels[0].length > 0) yield { channels, rateHz: batch[0].rateHz };
      }
      count += frames.length;
      bytes.drop(Math.max(0, frames.at(-1)?.end ?? held.length - LARGEST_FRAME_BYTES));
    }
  } finally {
    decoders.close();
  }
  return count === 0
    ? NOTHING_THERE
    : { missingSamples: Math.max(0, counted - count) * samples, uncountedSamples: 0 };
}

/** One decoder for each kind of frames that follow one another. */
class Mp3Decoders {
  #decoder: MPEGDecoder | undefined;
  #kind: number | undefined;

  /** @param frames of one kind */
  async decode(bytes: Uint8Array, frames: readonly Mp3Frame[]): Promise<Float32Array[]> {
    const [{ kind, channels }] = frames;
    const isNew = this.#decoder === undefined || this.#kind !== kind;
    if (isNew) await this.#open(kind);
    const coded = frames.map((frame, i) =>
      isNew && i === 0 ? withBelievableGaps(bytes, frame) : bytes.subarray(frame.start, frame.end),
    );
    const { channelData } = quietly(() => this.#decoder!.decodeFrames(coded));
    return channelData.slice(0, channels); // mpg123 gives two always
  }

  async #open(kind: number): Promise<void> {
    this.close();
    const { MPEGDecoder } = await importPackage(() => import("mpg123-decoder"));
    this.#decoder = new MPEGDecoder();
    this.#kind = kind;
    await this.#decoder.ready;
  }

  close(): void {
    this.#decoder?.free();
    this.#decoder = undefined;
  }
}
