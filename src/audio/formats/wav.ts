// WAV bytes to samples: integer PCM of 8 to 32 bits, 32- and 64-bit float, A-law and µ-law (Microsoft, "Multimedia Data
// Standards Update", 1994; WAVE_FORMAT_EXTENSIBLE). Headers of real recorders may be wrong (a cut end; a block size of 0):
// they count only as far as the bytes agree. wav-chunks.ts finds the chunks.

import { EarshotError } from "../../errors.ts";
import type { ChannelBlock } from "./channel-blocks.ts";
import { A_LAW, MU_LAW } from "./companding.ts";
import {
  checkLength,
  mixInterleaved,
  NOTHING_DECODED,
  type InterleavedSamples,
  type SourceAudio,
} from "./source-audio.ts";
import { findWavChunks } from "./wav-chunks.ts";

export interface WavLayout {
  readonly coding: number;
  readonly channels: number;
  readonly rateHz: number;
  /** Of a sample of one channel, those that mean something. */
  readonly bits: number;
  /** That hold a sample: by its bits, and by the size of a block, which may say more. */
  readonly leastBytes: number;
  readonly bytesPerSample: number;
}

export function readWav(bytes: Uint8Array, where: string, channel?: number): SourceAudio {
  const { format, data, announcedBytes, uncountedBytes = 0 } = findWavChunks(bytes);
  if (format === undefined || data === undefined || format.byteLength < 14) return NOTHING_DECODED;
  const layout = readWavLayout(format, where);
  const { channels, rateHz, readerOf, bytesPerSample } = { ...layout, ...sampleForm(data, layout) };
  const read = readerOf(data);
  const frameBytes = bytesPerSample * channels;
  // A block larger than all data (or of no channel): the header lies.
  if (channels === 0 || (data.byteLength > 0 && data.byteLength < frameBytes)) return NOTHING_DECODED;
  const samples = Math.floor(data.byteLength / frameBytes);
  checkLength(samples, where);
  const announced = Math.floor((announcedBytes ?? data.byteLength) / frameBytes);
  const channelBlocks: ChannelBlock[] = [];
  const mono = mixInterleaved({ samples, channels, bytesPerSample, read, channel }, channelBlocks);
  return {
    mono,
    channels,
    rateHz,
    missingSamples: Math.max(0, announced - samples),
    uncountedSamples: Math.floor(uncountedBytes / frameBytes),
    channelBlocks,
  };
}

const PCM = 1;
const FLOAT = 3;
const A_LAW_CODING = 6;
const MU_LAW_CODING = 7;
/** The coding then stands at the beginning of a GUID. */
const EXTENSIBLE = 0xfffe;

export function readWavLayout(format: DataView, where: string): WavLayout {
  const tag = format.getUint16(0, true);
  const coding = tag === EXTENSIBLE && format.byteLength >= 26 ? format.getUint16(24, true) : tag;
  const bits = format.byteLength >= 16 ? format.getUint16(14, true) : 8;
  if (!isKnown(coding, bits)) {
    throw new EarshotError({
      code: "UNKNOWN_AUDIO_FORMAT",
      where,
      problem: `This WAV file holds ${bits}-bit samples of coding ${coding}; Earshot reads PCM (1) of 8 to 32 bits, float (3) of 32 or 64 bits, A-law (6) and µ-law (7).`,
      remedy: `Convert it, for example: ffmpeg -i in.wav -c:a pcm_s16le out.wav`,
    });
  }
  const channels = format.getUint16(2, true);
  const blockBytes = format.getUint16(12, true);
  const isWide = coding === PCM && blockBytes % channels === 0 && blockBytes / channels <= 4;
  const leastBytes = Math.ceil(bits / 8);
  const bytesPerSample = Math.max(leastBytes, isWide ? blockBytes / channels : 0);
  const validBits = tag === EXTENSIBLE && format.byteLength >= 20 ? format.getUint16(18, true) : bits;
  return {
    coding,
    channels,
    rateHz: format.getUint32(4, true),
    bits: validBits > 0 ? Math.min(bits, validBits) : bits,
    leastBytes,
    bytesPerSample,
  };
}

function isKnown(coding: number, bits: number): boolean {
  if (coding === PCM) return bits >= 1 && bits <= 32;
  if (coding === FLOAT) return bits === 32 || bits === 64;
  return (coding === A_LAW_CODING || coding === MU_LAW_CODING) && bits === 8;
}

/** How samples lie in their bytes. */
export interface SampleForm {
  readonly bytesPerSample: number;
  /** The sample at a byte position of such data as a number of full scale 1. */
  readonly readerOf: (data: DataView) => InterleavedSamples["read"];
}

/** @param data as much of it as is there: where the header leaves it open, the samples tell */
export function sampleForm(data: DataView, layout: WavLayout): SampleForm {
  const { coding, bytesPerSample } = layout;
  if (coding === A_LAW_CODING) return { bytesPerSample, readerOf: (own) => (at) => A_LAW[own.getUint8(at)] };
  if (coding === MU_LAW_CODING)
    return { bytesPerSample, readerOf: (own) => (at) => MU_LAW[own.getUint8(at)] };
  if (coding === FLOAT && bytesPerSample === 4)
    return { bytesPerSample, readerOf: (own) => (at) => own.getFloat32(at, true) };
  if (coding === FLOAT) return { bytesPerSample, readerOf: (own) => (at) => own.getFloat64(at, true) };
  return integerForm(data, layout);
}

/**
 * Samples of fewer bits than their bytes have lie at the upper end of them, as the standard says, or at the lower end
 * (as `arecord -f S24_LE` writes them): the samples themselves show which, or make one far more likely. Where they fit
 * neither, a block size that is larger than the samples need was wrong.
 */
function integerForm(
  data: DataView,
  { bits, leastBytes, bytesPerSample }: Pick<WavLayout, "bits" | "leastBytes" | "bytesPerSample">,
): SampleForm {
  const wholeOf = (own: DataView) => integerAt(own, bytesPerSample);
  const whole = wholeOf(data);
  const unused = 8 * bytesPerSample - bits;
  const place = unused === 0 || bytesPerSample === 1 ? "upper" : placeOf(data, whole, bytesPerSample, unused);
  if (place === undefined && bytesPerSample > leastBytes)
    return integerForm(data, { bits, leastBytes, bytesPerSample: leastBytes });
  const isLower = place === "lower" || place === "lower, unsigned";
  const fullScale = 2 ** ((isLower ? bits : 8 * bytesPerSample) - 1);
  const signed = (sample: number) =>
    place !== "lower, unsigned" || sample < fullScale ? sample : sample - 2 * fullScale;
  const readerOf = (own: DataView) => {
    const wholeAt = wholeOf(own);
    return (at: number) => signed(wholeAt(at)) / fullScale;
  };
  return { bytesPerSample, readerOf };
}

type Place = "upper" | "lower" | "lower, unsigned";

/** Where in their bytes the samples lie; undefined where they use all of them. */
function placeOf(
  data: DataView,
  whole: (at: number) => number,
  bytesPerSample: number,
  unused: number,
): Place | undefined {
  let [canBeUpper, least, most] = [true, 0, 0];
  const limit = 2 ** (8 * bytesPerSample - unused - 1);
  for (let at = 0; at + bytesPerSample <= data.byteLength; at += bytesPerSample) {
    const sample = whole(at);
    canBeUpper &&= sample % 2 ** unused === 0;
    if (sample < least) least = sample;
    if (sample > most) most = sample;
    if (!canBeUpper && (least < -limit || most >= 2 * limit)) return undefined;
  }
  const canBeLower = least >= -limit && most < limit;
  if (canBeUpper && canBeLower) return likelyPlace(Math.max(-least, most), bytesPerSample, unused);
  // The sign was not carried on into the bytes above: no sound is of positive numbers only.
  const isUnsigned = bytesPerSample === 4 && unused >= 8 && least === 0 && most >= limit && most < 2 * limit;
  if (isUnsigned) return "lower, unsigned";
  return canBeUpper ? "upper" : canBeLower ? "lower" : undefined;
}

/** No recording stays below this part of full scale. */
const UNLIKELY_PEAK = 1 / 256;

/**
 * Both fit where samples are coarser than their bits say (24 made of 16), or soft. With a whole byte unused, at the upper end
 * all of them would be unlikely soft; with half a byte, mostly a soft recording as the standard has it.
 */
function likelyPlace(peak: number, bytesPerSample: number, unused: number): Place {
  const upperPeak = peak / 2 ** (8 * bytesPerSample - 1);
  return unused >= 8 || upperPeak < UNLIKELY_PEAK ? "lower" : "upper";
}

/** The whole of a sample's bytes as an integer. */
function integerAt(data: DataView, bytesPerSample: number): (at: number) => number {
  if (bytesPerSample === 1) return (at) => data.getUint8(at) - 128;
  if (bytesPerSample === 2) return (at) => data.getInt16(at, true);
  if (bytesPerSample === 3) return (at) => data.getInt8(at + 2) * 2 ** 16 + data.getUint16(at, true);
  return (at) => data.getInt32(at, true);
}
