// Recordings made by fixtures/make_fixtures.py, and WAV files written here with any header, true or lying.

import { readFileSync } from "node:fs";
import { decodeAudio } from "../../src/audio/index.ts";
import { EarshotError } from "../../src/errors.ts";

export const FIXTURES = [
  "pcm8.wav",
  "pcm16.wav",
  "pcm24.wav",
  "float32.wav",
  "rf64.wav",
  "wave64.w64",
  "mono.flac",
  "stereo-22050.flac",
  "mono.oga",
  "mono.opus",
  "surround.opus",
  "stereo-22050.ogg",
  "plain.mp3",
  "tagged-stereo-44100.mp3",
] as const;

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}

export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export interface WavHeader {
  readonly coding?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  readonly blockBytes?: number;
  readonly riffBytes?: number;
  readonly dataBytes?: number;
}

export function wavFile(data: Uint8Array, header: WavHeader = {}): Uint8Array {
  const { coding = 1, channels = 1, rateHz = 16_000, bits = 16, dataBytes = data.length } = header;
  const blockBytes = header.blockBytes ?? (channels * bits) / 8;
  const file = concatenate(ascii("RIFF....WAVEfmt "), new Uint8Array(20), ascii("data...."), data);
  const view = new DataView(file.buffer);
  view.setUint32(4, header.riffBytes ?? file.length - 8, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, coding, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * blockBytes, true);
  view.setUint16(32, blockBytes, true);
  view.setUint16(34, bits, true);
  view.setUint32(40, dataBytes, true);
  return file;
}

export function pcm16(samples: Float32Array): Uint8Array {
  const words = Int16Array.from(samples, (sample) => Math.round(sample * 32_767));
  return new Uint8Array(words.buffer);
}

/** The fault that decoding reports as clip.wav. */
export async function faultOf(bytes: Uint8Array): Promise<EarshotError> {
  const error: unknown = await decodeAudio(bytes, "clip.wav").catch((cause: unknown) => cause);
  if (!(error instanceof EarshotError)) throw new Error("no fault was reported", { cause: error });
  return error;
}
