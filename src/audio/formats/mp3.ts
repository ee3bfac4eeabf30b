// MP3 bytes to samples, decoded by mpg123 (WASM, on the calling thread, so it also works inside a worker).
// The encoder's delay is cut off where the file states it (LAME header). Knows nothing of tags: see sniff.ts.

import { MPEGDecoder } from "mpg123-decoder";
import { findMp3Frames, type Mp3Frame } from "./mp3-frames.ts";
import { quietly } from "./quietly.ts";
import { addSquares, decodeInBatches, NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";

export async function readMp3(bytes: Uint8Array, where: string): Promise<SourceAudio> {
  const frames = findMp3Frames(bytes);
  const whole = frames.filter((frame) => frame.end <= bytes.length);
  if (whole.length === 0) return NOTHING_DECODED;
  const [{ rateHz, samples }] = whole;
  const channels = whole.every((frame) => frame.channels === 1) ? 1 : 2;
  const missingFrames = Math.max(frames.length, announcedFrames(bytes, frames[0])) - whole.length;
  const input = whole.map(({ start, end }) => bytes.subarray(start, end));
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    // mpg123 gives two channels always: a mono stream twice.
    const channelSquares: number[] = [];
    const decode = (batch: Uint8Array[]) => {
      const { channelData } = quietly(() => decoder.decodeFrames(batch));
      if (channels > 1) addSquares(channelSquares, channelData);
      return channelData.slice(0, channels);
    };
    const mono = await decodeInBatches(input, decode, where);
    return { mono, channels, rateHz, missingSamples: missingFrames * samples, channelSquares };
  } finally {
    decoder.free();
  }
}

/** The frame count of the Xing or Info header inside the first frame (which it does not count), plus that frame; else 0. */
function announcedFrames(bytes: Uint8Array, first: Mp3Frame): number {
  const isVersion1 = first.samples === 1152;
  const sideInformation = isVersion1 ? (first.channels === 1 ? 17 : 32) : first.channels === 1 ? 9 : 17;
  const at = first.start + 4 + sideInformation;
  if (at + 12 > bytes.length) return 0;
  const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const hasCount = (view.getUint32(4) & 1) !== 0;
  return (tag === "Xing" || tag === "Info") && hasCount ? view.getUint32(8) + 1 : 0;
}
