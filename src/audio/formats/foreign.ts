// Formats that only the platform can decode (AAC, WMA, …), through its converter. Mixing and resampling stay ours, so that
// every format is treated alike.

import { audioConverter } from "../../platform/index.ts";
import { addToBlocks, type ChannelBlock } from "./channel-blocks.ts";
import { checkLength, mixDown, type SourceAudio } from "./source-audio.ts";
import { readWav } from "./wav.ts";

/**
 * The first audio track; undefined where the platform has no converter.
 * @param demuxer ffmpeg's name of the container, for example "mov"
 * @throws LONG_AUDIO; the converter's own complaint when it cannot decode the recording
 */
export async function readForeign(
  bytes: Uint8Array,
  demuxer: string,
  where: string,
  channel?: number,
): Promise<SourceAudio | undefined> {
  const converted = await audioConverter.convert(bytes, demuxer).catch((error: unknown) => {
    if (error instanceof RangeError) checkLength(Infinity, where);
    throw error;
  });
  if (converted === undefined) return undefined;
  if ("wav" in converted) return readWav(converted.wav, where, channel);
  const { channels, rateHz } = converted;
  checkLength(channels[0].length, where);
  const channelBlocks: ChannelBlock[] = [];
  addToBlocks(channelBlocks, channels);
  const mono = mixDown(channels, channel);
  return { mono, channels: channels.length, rateHz, missingSamples: 0, channelBlocks };
}
