// WAV bytes to samples: integer PCM of 8 to 32 bits, 32- and 64-bit float (Microsoft, "Multimedia Data Standards
// Update", 1994; WAVE_FORMAT_EXTENSIBLE). Files of real recorders lie in their header (sizes of 0 or 0xffffffff, written
// while streaming; a cut end; a block size of 0): it is believed only as far as the bytes agree.

import { EarshotError } from "../errors.ts";
import { checkLength, NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";

interface Layout {
  readonly channels: number;
  readonly rateHz: number;
  readonly bytesPerSample: number;
  readonly isFloat: boolean;
}

interface Chunks {
  readonly format?: DataView;
  readonly data?: DataView;
  /** The size that the data chunk's header announces. */
  readonly announcedBytes: number;
}

export function readWav(bytes: Uint8Array, where: string): SourceAudio {
  const { format, data, announcedBytes } = findChunks(bytes);
  if (format === undefined || data === undefined || format.byteLength < 14) return NOTHING_DECODED;
  const layout = readLayout(format, where);
  const { channels, rateHz } = layout;
  const frameBytes = layout.bytesPerSample * channels;
  // A block larger than all data (or of no channel): the header lies.
  if (channels === 0 || (data.byteLength > 0 && data.byteLength < frameBytes)) return NOTHING_DECODED;
  const samples = Math.floor(data.byteLength / frameBytes);
  checkLength(samples, where);
  // 0 and 0xffffffff (or what a streaming recorder writes near it) mean: until the end of the file.
  const isUnknown = announcedBytes === 0 || announcedBytes >= 0x7fff_0000;
  const missingSamples = isUnknown ? 0 : Math.floor(announcedBytes / frameBytes) - samples;
  return { mono: readMono(data, layout, samples), channels, rateHz, missingSamples };
}

function findChunks(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: DataView | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    const end = Math.min(start + size, bytes.length);
    if (name === "fmt ") format = slice(bytes, start, end);
    if (name === "data") {
      const untilEnd = size === 0 && start < bytes.length;
      return { format, data: slice(bytes, start, untilEnd ? bytes.length : end), announcedBytes: size };
    }
    at = start + size + (size % 2);
  }
  return { format, announcedBytes: 0 };
}

function slice(bytes: Uint8Array, start: number, end: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

function readLayout(format: DataView, where: string): Layout {
  const tag = format.getUint16(0, true);
  const coding = tag === EXTENSIBLE && format.byteLength >= 26 ? format.getUint16(24, true) : tag;
  const bits = format.byteLength >= 16 ? format.getUint16(14, true) : 8;
  const isFloat = coding === FLOAT;
  const isKnown = isFloat ? bits === 32 || bits === 64 : coding === PCM && bits >= 1 && bits <= 32;
  if (!isKnown) {
    throw new EarshotError({
      code: "UNKNOWN_AUDIO_FORMAT",
      where,
      problem: `This WAV file holds ${bits}-bit samples of coding ${coding}; Earshot reads PCM (1) of 8 to 32 bits and float (3) of 32 or 64 bits.`,
      remedy: `Convert it, for example: ffmpeg -i in.wav -c:a pcm_s16le out.wav`,
    });
  }
  const bytesPerSample = Math.ceil(bits / 8);
  return { channels: format.getUint16(2, true), rateHz: format.getUint32(4, true), bytesPerSample, isFloat };
}

function readMono(data: DataView, layout: Layout, samples: number): Float32Array {
  const { channels, bytesPerSample } = layout;
  const read = sampleReader(data, layout);
  const mono = new Float32Array(samples);
  for (let n = 0, at = 0; n < samples; n++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += bytesPerSample) sum += read(at);
    mono[n] = sum / channels;
  }
  return mono;
}

/** Reads the sample at a byte position as a number of full scale 1. Samples are left-justified in their bytes. */
function sampleReader(data: DataView, { bytesPerSample, isFloat }: Layout): (at: number) => number {
  if (isFloat)
    return bytesPerSample === 4 ? (at) => data.getFloat32(at, true) : (at) => data.getFloat64(at, true);
  if (bytesPerSample === 1) return (at) => (data.getUint8(at) - 128) / 128;
  if (bytesPerSample === 2) return (at) => data.getInt16(at, true) / 2 ** 15;
  if (bytesPerSample === 3)
    return (at) => (data.getInt8(at + 2) * 2 ** 16 + data.getUint16(at, true)) / 2 ** 23;
  return (at) => data.getInt32(at, true) / 2 ** 31;
}
