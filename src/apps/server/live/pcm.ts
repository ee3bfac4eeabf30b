// Sound as it comes over a socket: PCM of 8, 16 or 32 bits, µ-law or A-law, of several channels, cut anywhere → samples.

import { A_LAW, MU_LAW, type WavFormat } from "../../../audio/index.ts";

/** Those of WAV files, whose 8 bits have no sign. */
export type WavEncoding = "s16" | "s32" | "f32" | "mulaw" | "alaw";
export type PcmEncoding = WavEncoding | "s8";

export interface PcmFormat {
  readonly encoding: PcmEncoding;
  readonly channels: number;
}

const WIDTH: Readonly<Record<PcmEncoding, number>> = { s8: 1, s16: 2, s32: 4, f32: 4, mulaw: 1, alaw: 1 };

const READ: Readonly<Record<PcmEncoding, (bytes: DataView, at: number) => number>> = {
  s8: (bytes, at) => bytes.getInt8(at) / 2 ** 7,
  s16: (bytes, at) => bytes.getInt16(at, true) / 2 ** 15,
  s32: (bytes, at) => bytes.getInt32(at, true) / 2 ** 31,
  f32: (bytes, at) => finite(bytes.getFloat32(at, true)),
  mulaw: (bytes, at) => MU_LAW[bytes.getUint8(at)],
  alaw: (bytes, at) => A_LAW[bytes.getUint8(at)],
};

const finite = (value: number): number => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0);

export class PcmReader {
  readonly format: PcmFormat;
  /** The beginning of a frame whose end has not come. */
  #rest = new Uint8Array(0);

  constructor(format: PcmFormat) {
    this.format = format;
  }

  /** The samples of each channel. */
  read(bytes: Uint8Array): Float32Array[] {
    const { encoding, channels } = this.format;
    const [width, read] = [WIDTH[encoding], READ[encoding]];
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames = Math.floor(all.length / (width * channels));
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    this.#rest = all.slice(frames * width * channels);
    return Array.from({ length: channels }, (_, channel) => {
      const samples = new Float32Array(frames); // filled by a loop: one call for each sample of each stream is felt
      for (let n = 0; n < frames; n++) samples[n] = read(view, (n * channels + channel) * width);
      return samples;
    });
  }

  /** Their mean. */
  readMono(bytes: Uint8Array): Float32Array {
    const channels = this.read(bytes);
    const [first] = channels;
    if (channels.length === 1) return first;
    return first.map((_, n) => channels.reduce((sum, samples) => sum + samples[n], 0) / channels.length);
  }
}

/** What the header of a WAV file says, where sound begins with one; some clients send the file as it is. */
export function wavHeader(
  bytes: Uint8Array,
): (PcmFormat & { readonly rateHz: number; readonly dataAt: number }) | undefined {
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 44 || text(0) !== "RIFF" || text(8) !== "WAVE" || text(12) !== "fmt ") return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [coding, channels] = [view.getUint16(20, true), view.getUint16(22, true)];
  const [rateHz, bits] = [view.getUint32(24, true), view.getUint16(34, true)];
  const encoding = encodingOf(
    coding === 0xfffe && bytes.length >= 46 ? view.getUint16(44, true) : coding,
    bits,
  );
  if (!encoding || channels < 1 || channels > 8) return undefined;
  for (let at = 20 + view.getUint32(16, true); at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4, true))
    if (text(at) === "data") return { encoding, channels, rateHz, dataAt: at + 8 };
  return undefined;
}

/** Coding and bits of a sample in WAV files. */
const WAV_CODINGS: Readonly<Record<WavEncoding, readonly [coding: number, bits: number]>> = {
  s16: [1, 16],
  s32: [1, 32],
  f32: [3, 32],
  alaw: [6, 8],
  mulaw: [7, 8],
};

function encodingOf(coding: number, bits: number): WavEncoding | undefined {
  const encodings = Object.keys(WAV_CODINGS) as WavEncoding[];
  return encodings.find((each) => WAV_CODINGS[each][0] === coding && WAV_CODINGS[each][1] === bits);
}

export function wavFormatOf(encoding: WavEncoding, channels: number, rateHz: number): WavFormat {
  const [coding, bits] = WAV_CODINGS[encoding];
  return { coding, bits, channels, rateHz };
}
