// FLAC bytes to samples, decoded by libFLAC (WASM, on the calling thread, so it also works inside a worker).
// The library's own parser is passed by: after a damaged frame it skips up to 512 kB, and a damaged end takes it
// seconds. Knows nothing of tags: see sniff.ts.

import { importPackage } from "../../platform/index.ts";
import { findFlacFrames } from "./flac-frames.ts";
import { quietly } from "./quietly.ts";
import { addSquares, decodeInBatches, NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";

export async function readFlac(bytes: Uint8Array, where: string, channel?: number): Promise<SourceAudio> {
  const stream = findFlacFrames(bytes);
  if (stream.frames.length === 0) return NOTHING_DECODED;
  const { FLACDecoder } = await importPackage(() => import("@wasm-audio-decoders/flac"));
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    if (stream.header) await quietly(() => decoder.decodeFrames([stream.header!]));
    let [channels, rateHz] = [0, 0];
    const channelSquares: number[] = [];
    const decode = async (batch: Uint8Array[]) => {
      const decoded = await quietly(() => decoder.decodeFrames(batch));
      [channels, rateHz] = [decoded.channelData.length, decoded.sampleRate || stream.rateHz];
      if (channels > 1) addSquares(channelSquares, decoded.channelData);
      return decoded.channelData;
    };
    const mono = await decodeInBatches(stream.frames, decode, { where, channel });
    const missingSamples = Math.max(0, stream.totalSamples - mono.length);
    return { mono, channels, rateHz, missingSamples, channelSquares };
  } finally {
    decoder.free();
  }
}
