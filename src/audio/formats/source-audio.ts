// What every file reader (wav, flac, mp3, ogg) hands to the decoder: samples as they were recorded, mixed down but not yet
// resampled. Mixing happens block by block, so that a long recording of many channels is never held whole.
// Knows nothing of file formats.

import { EarshotError } from "../../errors.ts";
import { joinBlocks } from "../../tensor.ts";
import { BLOCK_SAMPLES, openBlock, type ChannelBlock } from "./channel-blocks.ts";

export interface SourceAudio {
  /** The mean of all channels, full scale 1; undefined when nothing at all could be decoded. */
  readonly mono?: Float32Array;
  readonly channels: number;
  readonly rateHz: number;
  /** Samples per channel that the file announces but does not hold, or that are damaged; Infinity when their number is not known. */
  readonly missingSamples: number;
  /** Samples per channel beyond the file's own count; they are among `mono`. */
  readonly uncountedSamples?: number;
  /** Of several channels: how strong each is. */
  readonly channelBlocks?: readonly ChannelBlock[];
}

/**
 * @param where names the recording in errors
 * @param channel the one to read, from 0; by default the mean of all
 */
export type AudioReader = (
  bytes: Uint8Array,
  where: string,
  channel?: number,
) => SourceAudio | Promise<SourceAudio>;

export const NOTHING_DECODED: SourceAudio = { channels: 0, rateHz: 0, missingSamples: 0 };

/** 3.1 h at 48 kHz, 2 GiB: a few damaged or malicious kilobytes can promise far more. */
const MOST_SAMPLES = 2 ** 29;

/** @throws LONG_AUDIO */
export function checkLength(samples: number, where: string): void {
  if (samples <= MOST_SAMPLES) return;
  throw new EarshotError({
    code: "LONG_AUDIO",
    where,
    problem: `The recording holds more than ${MOST_SAMPLES} samples (3.1 hours at 48 kHz).`,
    remedy: "Cut it into hours, for example: ffmpeg -i in.flac -f segment -segment_time 3600 out%03d.flac",
  });
}

/** The mean of all channels, or one of them. */
export function mixDown(channels: readonly Float32Array[], channel?: number): Float32Array {
  if (channels.length === 1) return channels[0];
  if (channel !== undefined) return channels[channel] ?? new Float32Array(channels[0]?.length ?? 0);
  const mono = new Float32Array(channels[0]?.length ?? 0);
  for (let n = 0; n < mono.length; n++) {
    let sum = 0;
    for (const channel of channels) sum += channel[n];
    mono[n] = sum / channels.length;
  }
  return mono;
}

export function sumOfSquares(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}

/** Samples of several channels in turn, as uncompressed formats have them. */
export interface InterleavedSamples {
  /** Of each channel. */
  readonly samples: number;
  readonly channels: number;
  readonly bytesPerSample: number;
  /** The sample at a byte position as a number of full scale 1. */
  readonly read: (at: number) => number;
  /** The one to keep; by default the mean of all. */
  readonly channel?: number;
}

/** Mixes down while it reads, and measures the channels. */
export function mixInterleaved(
  { samples, channels, bytesPerSample, read, channel }: InterleavedSamples,
  blocks: ChannelBlock[],
): Float32Array {
  const mono = new Float32Array(samples);
  for (let n = 0, at = 0; n < samples;) {
    const block = openBlock(blocks, channels);
    const end = Math.min(samples, n + BLOCK_SAMPLES - block.samples);
    block.samples += end - n;
    for (; n < end; n++) {
      let sum = 0;
      for (let c = 0; c < channels; c++, at += bytesPerSample) {
        const sample = read(at);
        block.squares[c] += sample * sample;
        sum += sample;
        if (channel === c) mono[n] = sample;
      }
      const mean = sum / channels;
      block.mean += mean * mean;
      if (channel === undefined) mono[n] = mean;
    }
  }
  return mono;
}

const BATCH_FRAMES = 32;

export interface BatchOptions {
  readonly where: string;
  /** The one to keep; by default the mean of all. */
  readonly channel?: number;
  /** Numbers of frames with which a batch ends, in order. */
  readonly boundaries?: readonly number[];
}

/** Decodes coded frames batch by batch into one mono signal. */
export async function decodeInBatches(
  frames: readonly Uint8Array[],
  decode: (batch: Uint8Array[]) => Float32Array[] | Promise<Float32Array[]>,
  { where, channel, boundaries = [] }: BatchOptions,
): Promise<Float32Array> {
  const blocks: Float32Array[] = [];
  let length = 0;
  for (let at = 0, end; at < frames.length; at = end) {
    const boundary = boundaries.find((count) => count > at) ?? Infinity;
    end = Math.min(boundary, at + BATCH_FRAMES);
    const block = mixDown(await decode(frames.slice(at, end)), channel);
    blocks.push(block);
    length += block.length;
    checkLength(length, where);
  }
  return joinBlocks(blocks);
}
