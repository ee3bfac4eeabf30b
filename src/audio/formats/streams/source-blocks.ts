// What the reader of a format hands on of a recording that is read as it comes: a block of samples after the other, as they
// were recorded. Knows nothing of formats.

import type { OggPacket } from "../ogg-streams.ts";
import type { ByteWindow } from "./byte-window.ts";

export interface SourceBlock {
  /** Full scale 1. */
  readonly channels: readonly Float32Array[];
  readonly rateHz: number;
}

/** What is known of a recording at its end. */
export interface SourceCounts {
  /** Samples of each channel that the file announces but does not hold; Infinity when their number is not known. */
  readonly missingSamples: number;
  /** Samples of each channel beyond the file's own count. */
  readonly uncountedSamples: number;
}

/** @param where names the recording in errors */
export type BlockReader = (bytes: ByteWindow, where: string) => AsyncGenerator<SourceBlock, SourceCounts>;

/** The packets of one stream, in the order of its pages. */
export interface PacketReader {
  push(packets: readonly OggPacket[]): AsyncIterable<SourceBlock>;
  /** The rest. @param isEnded whether the page that ends the stream was found */
  finish(isEnded: boolean): AsyncIterable<SourceBlock>;
  close(): void;
}

export const NOTHING_THERE: SourceCounts = { missingSamples: Infinity, uncountedSamples: 0 };
