// WAV bytes to samples: integer PCM of 8 to 32 bits, 32- and 64-bit float, A-law and µ-law (Microsoft, "Multimedia Data
// Standards Update", 1994; WAVE_FORMAT_EXTENSIBLE). Headers of real recorders lie (a cut end; a block size of 0): they
// are believed only as far as the bytes agree. Where the chunks are is the affair of wav-chunks.ts.

import { EarshotError } from "../../errors.ts";
import { A_LAW, MU_LAW } from "./companding.ts";
import { checkLength, NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";
import { findWavChunks } from "./wav-chunks.ts";

interface Layout {
  readonly coding: number;
  readonly channels: number;
  readonly rateHz: number;
  readonly bytesPerSample: number;
}

export function readWav(bytes: Uint8Array, where: string): SourceAudio {
  const { format, data, announcedBytes } = findWavChunks(bytes);
  if (format === undefined || data === undefined || format.byteLength < 14) return NOTHING_DECODED;
  const layout = readLayout(format, where);
  const { channels, rateHz } = layout;
  const frameBytes = layout.bytesPerSample * channels;
  // A block larger than all data (or of no channel): the header lies.
  if (channels === 0 || (data.byteLength > 0 && data.byteLength < frameBytes)) return NOTHING_DECODED;
  const samples = Math.floor(data.byteLength / frameBytes);
  checkLength(samples, where);
  const missingSamples = Math.floor((announcedBytes ?? data.byteLength) / frameBytes) - samples;
  const channelSquares = Array<number>(channels).fill(0);
  const mono = readMono(data, layout, samples, channelSquares);
  return { mono, channels, rateHz, missingSamples, channelSquares };
}

const PCM = 1;
const FLOAT = 3;
const A_LAW_CODING = 6;
const MU_LAW_CODING = 7;
/** The coding then stands at the beginning of a GUID; samples are left-justified in their bytes as ever. */
const EXTENSIBLE = 0xfffe;

function readLayout(format: DataView, where: string): Layout {
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
  const bytesPerSample = Math.ceil(bits / 8);
  return { coding, channels: format.getUint16(2, true), rateHz: format.getUint32(4, true), bytesPerSample };
}

function isKnown(coding: number, bits: number): boolean {
  if (coding === PCM) return bits >= 1 && bits <= 32;
  if (coding === FLOAT) return bits === 32 || bits === 64;
  return (coding === A_LAW_CODING || coding === MU_LAW_CODING) && bits === 8;
}

function readMono(data: DataView, layout: Layout, samples: number, squares: number[]): Float32Array {
  const { channels, bytesPerSample } = layout;
  const read = sampleReader(data, layout);
  const mono = new Float32Array(samples);
  for (let n = 0, at = 0; n < samples; n++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += bytesPerSample) {
      const sample = read(at);
      sum += sample;
      squares[channel] += sample * sample;
    }
    mono[n] = sum / channels;
  }
  return mono;
}

/** Reads the sample at a byte position as a number of full scale 1. */
function sampleReader(data: DataView, { coding, bytesPerSample }: Layout): (at: number) => number {
  if (coding === A_LAW_CODING) return (at) => A_LAW[data.getUint8(at)];
  if (coding === MU_LAW_CODING) return (at) => MU_LAW[data.getUint8(at)];
  if (coding === FLOAT)
    return bytesPerSample === 4 ? (at) => data.getFloat32(at, true) : (at) => data.getFloat64(at, true);
  if (bytesPerSample === 1) return (at) => (data.getUint8(at) - 128) / 128;
  if (bytesPerSample === 2) return (at) => data.getInt16(at, true) / 2 ** 15;
  if (bytesPerSample === 3)
    return (at) => (data.getInt8(at + 2) * 2 ** 16 + data.getUint16(at, true)) / 2 ** 23;
  return (at) => data.getInt32(at, true) / 2 ** 31;
}
