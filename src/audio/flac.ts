// FLAC bytes to samples, decoded by libFLAC (WASM, on the calling thread, so it also works inside a worker).
// The library's own parser is passed by: after a damaged frame it skips up to 512 kB, and a damaged end takes it
// seconds. Knows nothing of tags: see sniff.ts.

import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { findFlacFrames } from "./flac-frames.ts";
import { quietly } from "./quietly.ts";
import type { SourceAudio } from "./source-audio.ts";

export async function readFlac(bytes: Uint8Array): Promise<SourceAudio> {
  const { rateHz, totalSamples, frames } = findFlacFrames(bytes);
  if (frames.length === 0) return { channels: [], rateHz, missingSamples: totalSamples };
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const decoded = await quietly(() => decoder.decodeFrames(frames));
    return {
      channels: decoded.channelData,
      rateHz: decoded.sampleRate || rateHz,
      missingSamples: Math.max(0, totalSamples - decoded.samplesDecoded),
    };
  } finally {
    decoder.free();
  }
}
