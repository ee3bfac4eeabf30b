// The door for recordings: bytes of any supported format to mono samples at 16 kHz, with named errors for what cannot
// be read and warnings for what could be read only in part. Knows nothing of files, names or networks.

import { EarshotError, partNotLoaded, type Warning } from "../../errors.ts";
import { wholeOf, type ChannelBlock } from "./channel-blocks.ts";
import {
  checkChannel,
  damagedAudio,
  emptyAudio,
  miscountedAudio,
  SILENCE,
  silenceOfPeak,
  silentAudio,
  truncatedAudio,
  unknownFormat,
} from "./decode-faults.ts";
import { fitFullScale, peakOf } from "../full-scale.ts";
import { rangeOf, resampleSignal } from "../digital-silence.ts";
import { HIGHEST_RATE_HZ, LOWEST_RATE_HZ, SAMPLE_RATE_HZ } from "../resample.ts";
import type { readForeign } from "./foreign.ts";
import { hearCancelled } from "./opposite-channels.ts";
import { type AudioFormat, sniffAudio } from "./sniff.ts";
import { checkLength, type AudioReader, type SourceAudio } from "./source-audio.ts";

export interface DecodedAudio {
  /** Mono at 16 kHz, in [-1, 1]. */
  readonly samples: Float32Array;
  readonly warnings: readonly Warning[];
  readonly sourceRateHz: number;
  readonly channels: number;
  /** Of several channels, where the reader knows: the mean square of each, before they were mixed. */
  readonly channelPowers?: readonly number[];
}

/**
 * Decodes WAV, FLAC, MP3, Ogg (Opus, Vorbis, FLAC) and NIST SPHERE, recognized by their content, and through the converter of
 * the platform (ffmpeg on the PATH; the browser) M4A, AAC, WebM and others that sniff.ts lists; mixes channels down by
 * their mean and resamples to 16 kHz. Digital silence becomes zeros.
 * Warnings: TRUNCATED_AUDIO, MISCOUNTED_AUDIO, OPPOSITE_CHANNELS, SILENT_AUDIO, SHORT_AUDIO, OVERLOADED_AUDIO.
 * @param where names the recording in errors, for example its path.
 * @param only the channel to read alone, from 0
 * @throws EMPTY_AUDIO, UNKNOWN_AUDIO_FORMAT, DAMAGED_AUDIO, LONG_AUDIO, UNKNOWN_CHANNEL, PART_NOT_LOADED
 */
export async function decodeAudio(bytes: Uint8Array, where: string, only?: number): Promise<DecodedAudio> {
  if (bytes.length === 0) throw emptyAudio(where, "The recording has no bytes.");
  const mixed = await readSource(bytes, where, only);
  const readAlone = (channel: number) => readSource(bytes, where, channel);
  const { source, warning: opposite } =
    only === undefined ? await hearCancelled(mixed, readAlone) : { source: mixed };
  const { samples: mono, warning: overloaded } = fitFullScale(checkedMono(source, where));
  const { channels, rateHz, missingSamples, uncountedSamples = 0, channelBlocks = [] } = source;
  if (only !== undefined) checkChannel(only, channels, where);
  const warnings = [
    truncatedAudio(mono.length / rateHz, missingSamples / rateHz),
    miscountedAudio(mono.length / rateHz, uncountedSamples / rateHz),
    opposite,
    overloaded,
  ];
  checkLength((mono.length * SAMPLE_RATE_HZ) / rateHz, where);
  const samples = await resampleSignal(mono, rateHz);
  // The resampler may overshoot full scale a little.
  for (let n = 0; n < samples.length; n++) samples[n] = Math.max(-1, Math.min(1, samples[n]));
  warnings.push(silentAudio(peakOf(samples), () => describeSilence(mono)) ?? shortAudio(samples));
  return {
    samples,
    warnings: warnings.filter((warning) => warning !== undefined),
    sourceRateHz: rateHz,
    channels,
    ...(channels > 1 && channelBlocks.length > 0 && { channelPowers: powersOf(channelBlocks, mono.length) }),
  };
}

function powersOf(blocks: readonly ChannelBlock[], samples: number): number[] {
  return wholeOf(blocks).squares.map((sum) => sum / samples);
}

async function readSource(bytes: Uint8Array, where: string, channel?: number): Promise<SourceAudio> {
  try {
    const { format, demuxer, body } = sniffAudio(bytes);
    if (format !== undefined) return await (await READERS[format]())(body, where, channel);
    const converted = demuxer === undefined ? undefined : await convert(body, demuxer, where, channel);
    if (converted === undefined) throw unknownFormat(bytes, where);
    return converted;
  } catch (cause) {
    if (cause instanceof EarshotError) throw cause;
    // A WASM decoder that trapped (cleverly damaged frames do that), or the converter.
    throw damagedAudio(where, "its decoder gave up on it", { cause });
  }
}

/** Each loaded with its first recording, so that a page does not wait for all of them. */
const READERS: Readonly<Record<AudioFormat, () => Promise<AudioReader>>> = {
  wav: async () => (await loaded(import("./wav.ts"))).readWav,
  flac: async () => (await loaded(import("./flac.ts"))).readFlac,
  mp3: async () => (await loaded(import("./mp3.ts"))).readMp3,
  ogg: async () => (await loaded(import("./ogg.ts"))).readOgg,
  sphere: async () => (await loaded(import("./sphere.ts"))).readSphere,
};

const convert: typeof readForeign = async (...given) =>
  (await loaded(import("./foreign.ts"))).readForeign(...given);

/** @throws PART_NOT_LOADED, which is no fault of the recording */
async function loaded<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (cause) {
    throw partNotLoaded(undefined, { cause });
  }
}

function checkedMono({ mono, rateHz, missingSamples }: SourceAudio, where: string): Float32Array {
  if (mono === undefined || (mono.length === 0 && missingSamples > 0)) {
    throw damagedAudio(where, "its header promises audio, but none of it can be decoded");
  }
  if (mono.length === 0) throw emptyAudio(where, "The recording has a header but no samples.");
  if (!(rateHz >= LOWEST_RATE_HZ && rateHz <= HIGHEST_RATE_HZ)) {
    throw damagedAudio(where, `its header states a sample rate of ${rateHz} Hz`);
  }
  for (let n = 0; n < mono.length; n++) if (!Number.isFinite(mono[n])) mono[n] = 0; // float files may hold it
  return mono;
}

const SHORT_SECONDS = 0.05;

/** @param recorded before digital silence became zeros */
function describeSilence(recorded: Float32Array): string {
  const peak = peakOf(recorded);
  if (peak === 0) return silenceOfPeak(0);
  const range = rangeOf(recorded);
  if (range === 0) return `all its samples are ${recorded[0].toPrecision(2)} of full scale`;
  if (peak <= SILENCE) return silenceOfPeak(peak);
  return `its samples differ by at most 1/${Math.round(1 / range)} of full scale, less than any room's sound`;
}

function shortAudio(samples: Float32Array): Warning | undefined {
  const seconds = samples.length / SAMPLE_RATE_HZ;
  if (seconds >= SHORT_SECONDS) return undefined;
  return {
    code: "SHORT_AUDIO",
    message: `The recording lasts ${(1000 * seconds).toFixed(1)} ms: too short for speech.`,
  };
}
