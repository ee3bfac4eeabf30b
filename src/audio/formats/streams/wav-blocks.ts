// A WAV file as it is read: its header as wav.ts reads it, then its samples.

import { isUncountedAudio, findWavChunks } from "../wav-chunks.ts";
import { readWavLayout, sampleForm, type SampleForm } from "../wav.ts";
import { WINDOW_BYTES, type ByteWindow } from "./byte-window.ts";
import { NOTHING_THERE, type SourceBlock, type SourceCounts } from "./source-blocks.ts";

/** Before the data may lie a cover or an index. */
const MOST_HEADER_BYTES = 64 * WINDOW_BYTES;

export async function* wavBlocks(
  bytes: ByteWindow,
  where: string,
): AsyncGenerator<SourceBlock, SourceCounts> {
  let chunks = findWavChunks(bytes.held);
  for (let size = bytes.windowBytes; chunks.data === undefined && size <= MOST_HEADER_BYTES; size *= 2) {
    await bytes.fill(size);
    chunks = findWavChunks(bytes.held);
  }
  const { format, data, announcedBytes, uncountedBytes = 0 } = chunks;
  if (format === undefined || data === undefined || format.byteLength < 14) return NOTHING_THERE;
  const layout = readWavLayout(format, where);
  const form = sampleForm(data, layout);
  const frameBytes = form.bytesPerSample * layout.channels;
  if (frameBytes === 0) return NOTHING_THERE;
  bytes.drop(data.byteOffset - bytes.held.byteOffset);
  const counted = uncountedBytes > 0 ? undefined : announcedBytes;
  let [read, isCounted] = [0, counted !== undefined];
  for (;;) {
    await bytes.fill(bytes.windowBytes);
    if (isCounted && read + bytes.held.length > counted!)
      isCounted = !isUncountedAudio(bytes.held.subarray(counted! - read));
    const there = isCounted ? Math.min(bytes.held.length, counted! - read) : bytes.held.length;
    const frames = Math.floor(there / frameBytes);
    if (frames === 0) break;
    yield { channels: channelsOf(bytes.held, frames, layout.channels, form), rateHz: layout.rateHz };
    bytes.drop(frames * frameBytes);
    read += frames * frameBytes;
  }
  const beyond = Math.floor((read - (announcedBytes ?? read)) / frameBytes);
  return { missingSamples: Math.max(0, -beyond), uncountedSamples: Math.max(0, beyond) };
}

function channelsOf(
  bytes: Uint8Array,
  frames: number,
  channels: number,
  { bytesPerSample, readerOf }: SampleForm,
): Float32Array[] {
  const read = readerOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length: frames }, (_, n) => read((n * channels + c) * bytesPerSample)),
  );
}
