// The door for recordings: bytes of any supported format to mono samples at 16 kHz, with named errors for what cannot
// be read and warnings for what could be read only in part. Knows nothing of files, names or networks.

import { EarshotError, type Warning } from "../errors.ts";
import { readFlac } from "./flac.ts";
import { readMp3 } from "./mp3.ts";
import { resample } from "./resample.ts";
import { describeContent, sniffAudio } from "./sniff.ts";
import { mixDown, type SourceAudio } from "./source-audio.ts";
import { readWav } from "./wav.ts";

/** The rate of all samples inside Earshot. */
export const SAMPLE_RATE_HZ = 16_000;

export interface DecodedAudio {
  /** Mono at 16 kHz, in [-1, 1]. */
  readonly samples: Float32Array;
  readonly warnings: readonly Warning[];
  readonly sourceRateHz: number;
  readonly channels: number;
}

/**
 * Decodes WAV, FLAC or MP3, told apart by content; mixes channels down by their mean and resamples to 16 kHz.
 * Warnings: TRUNCATED_AUDIO, SILENT_AUDIO, SHORT_AUDIO, OVERLOADED_AUDIO.
 * @param where names the recording in errors, for example its path.
 * @throws EMPTY_AUDIO, UNKNOWN_AUDIO_FORMAT, DAMAGED_AUDIO
 */
export async function decodeAudio(bytes: Uint8Array, where: string): Promise<DecodedAudio> {
  if (bytes.length === 0) throw emptyAudio(where, "The recording has no bytes.");
  const source = await readSource(bytes, where);
  const channels = source.channels.length;
  checkSource(source, where);
  const warnings: Warning[] = [];
  if (source.missingSamples > 0) warnings.push(truncatedAudio(source));
  const mono = mixDown(source.channels);
  const overload = fitRange(mono);
  if (overload !== undefined) warnings.push(overload);
  const samples = await resample(mono, source.rateHz, SAMPLE_RATE_HZ);
  for (let n = 0; n < samples.length; n++) samples[n] = Math.max(-1, Math.min(1, samples[n]));
  const doubt = silentAudio(samples) ?? shortAudio(samples);
  if (doubt !== undefined) warnings.push(doubt);
  return { samples, warnings, sourceRateHz: source.rateHz, channels };
}

async function readSource(bytes: Uint8Array, where: string): Promise<SourceAudio> {
  const { format, body } = sniffAudio(bytes);
  if (format === "wav") return readWav(body, where);
  if (format === "flac") return readFlac(body);
  if (format === "mp3") return readMp3(body);
  throw new EarshotError({
    code: "UNKNOWN_AUDIO_FORMAT",
    where,
    problem: `The recording is not WAV, FLAC or MP3; it ${describeContent(bytes)}.`,
    remedy: "Convert it, for example: ffmpeg -i in.m4a -ac 1 -ar 16000 out.wav",
  });
}

/** Rates beyond these are damage, not recordings. */
const LOWEST_RATE_HZ = 1_000;
const HIGHEST_RATE_HZ = 768_000;

function checkSource({ channels, rateHz, missingSamples }: SourceAudio, where: string): void {
  const remedy = "Fetch or record it again; a media player shows whether anything is left in it.";
  if (channels.length === 0) {
    const problem = "The recording is damaged: its header promises audio, but none of it can be decoded.";
    throw new EarshotError({ code: "DAMAGED_AUDIO", where, problem, remedy });
  }
  if (channels[0].length === 0) {
    if (missingSamples === 0) throw emptyAudio(where, "The recording has a header but no samples.");
    const problem = "The recording is damaged: its header promises audio, but none of it is there.";
    throw new EarshotError({ code: "DAMAGED_AUDIO", where, problem, remedy });
  }
  if (!(rateHz >= LOWEST_RATE_HZ && rateHz <= HIGHEST_RATE_HZ)) {
    const problem = `The recording is damaged: its header states a sample rate of ${rateHz} Hz.`;
    throw new EarshotError({ code: "DAMAGED_AUDIO", where, problem, remedy });
  }
}

function emptyAudio(where: string, problem: string): EarshotError {
  const remedy = "Record or copy it again, or take it out of the list.";
  return new EarshotError({ code: "EMPTY_AUDIO", where, problem, remedy });
}

function truncatedAudio({ channels, rateHz, missingSamples }: SourceAudio): Warning {
  const decoded = channels[0].length / rateHz;
  const announced = decoded + missingSamples / rateHz;
  return {
    code: "TRUNCATED_AUDIO",
    message: `The recording is cut or damaged: ${decoded.toFixed(2)} s of ${announced.toFixed(2)} s could be decoded.`,
  };
}

/** Peaks above this are numbers of another scale (integers stored as float), not a little overshoot. */
const OVERLOAD = 2;

function fitRange(mono: Float32Array): Warning | undefined {
  const peak = largest(mono);
  if (peak <= OVERLOAD) return undefined;
  for (let n = 0; n < mono.length; n++) mono[n] /= peak;
  return {
    code: "OVERLOADED_AUDIO",
    message: `The samples reach ${peak.toPrecision(4)} where full scale is 1; they were divided by that peak.`,
  };
}

/** Half a step of 16-bit samples. */
const SILENCE = 2 ** -16;
const SHORT_SECONDS = 0.05;

function silentAudio(samples: Float32Array): Warning | undefined {
  if (largest(samples) > SILENCE) return undefined;
  return { code: "SILENT_AUDIO", message: "The recording is silent: all its samples are zero." };
}

function shortAudio(samples: Float32Array): Warning | undefined {
  const seconds = samples.length / SAMPLE_RATE_HZ;
  if (seconds >= SHORT_SECONDS) return undefined;
  return {
    code: "SHORT_AUDIO",
    message: `The recording lasts ${(1000 * seconds).toFixed(1)} ms: too short for speech.`,
  };
}

function largest(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}
