// Parts of a recording that follow one another and may differ in rate and channels: the links of an Ogg chain, an MP3
// or FLAC stream that changes midway. Each is decoded at its own rate.

import { EarshotError } from "../../errors.ts";
import { resample, SAMPLE_RATE_HZ } from "../resample.ts";
import { joinBlocks } from "../../tensor.ts";
import type { ChannelBlock } from "./channel-blocks.ts";
import { checkLength, NOTHING_DECODED, sumOfSquares, type SourceAudio } from "./source-audio.ts";

/** Each opens a decoder of its own, about 10 ms; a radio recording of two days has about as many songs. */
const MOST_PARTS = 1000;

/** @throws UNKNOWN_AUDIO_FORMAT */
export function checkPartCount(count: number, format: "Ogg" | "FLAC" | "MP3", where: string): void {
  if (count <= MOST_PARTS) return;
  throw new EarshotError({
    code: "UNKNOWN_AUDIO_FORMAT",
    where,
    problem: `This ${format} file is a chain of ${count} streams; Earshot reads up to ${MOST_PARTS}.`,
    remedy: `Convert it, for example: ffmpeg -i in.${format.toLowerCase()} -ac 1 -ar 16000 out.wav`,
  });
}

/** At the rate of all parts, or else at the models' rate. @throws LONG_AUDIO */
export async function joinParts(parts: readonly SourceAudio[], where: string): Promise<SourceAudio> {
  const decoded = parts.filter((part) => part.mono !== undefined);
  const ofAll = (count: (part: SourceAudio) => number) => parts.reduce((sum, part) => sum + count(part), 0);
  if (decoded.length === 0)
    return { ...NOTHING_DECODED, missingSamples: ofAll(({ missingSamples }) => missingSamples) };
  const hasOneRate = decoded.every(({ rateHz }) => rateHz === decoded[0].rateHz);
  const rateHz = hasOneRate ? decoded[0].rateHz : SAMPLE_RATE_HZ;
  const perSample = (part: SourceAudio) => (part.rateHz > 0 ? rateHz / part.rateHz : 1);
  checkLength(
    ofAll((part) => (part.mono?.length ?? 0) * perSample(part)),
    where,
  );
  const blocks: Float32Array[] = [];
  for (const part of decoded) blocks.push(await resample(part.mono!, part.rateHz, rateHz));
  return {
    mono: joinBlocks(blocks),
    channels: Math.max(...decoded.map(({ channels }) => channels)),
    rateHz,
    missingSamples: ofAll((part) => part.missingSamples * perSample(part)),
    uncountedSamples: ofAll((part) => (part.uncountedSamples ?? 0) * perSample(part)),
    channelBlocks: channelBlocksOf(decoded, perSample),
  };
}

/** Those of a part at a lower rate as if it had been resampled. */
function channelBlocksOf(
  parts: readonly SourceAudio[],
  perSample: (part: SourceAudio) => number,
): readonly ChannelBlock[] | undefined {
  const blocks: ChannelBlock[] = [];
  for (const part of parts) {
    const length = part.mono!.length;
    const own = part.channels > 1 ? part.channelBlocks : [ofOneChannel(part.mono!)];
    if (own === undefined) return undefined;
    let rest = length; // a little less than was measured where a codec's delay was cut off
    for (const { samples, squares, mean } of own) {
      const kept = Math.min(samples, rest);
      rest -= kept;
      const factor = perSample(part);
      blocks.push({
        samples: kept * factor,
        squares: squares.map((square) => square * factor),
        mean: mean * factor,
      });
    }
    if (rest > 0 && own.length > 0) blocks[blocks.length - 1].samples += rest * perSample(part);
  }
  return blocks;
}

function ofOneChannel(mono: Float32Array): ChannelBlock {
  const square = sumOfSquares(mono);
  return { samples: mono.length, squares: [square], mean: square };
}
