// NIST SPHERE bytes to samples, as AN4 and the older corpora of LDC have them: a header of text lines "name -type value"
// in blocks of 1024 bytes, then PCM, µ-law or A-law (NIST, "SPeech HEader REsources" 2.6, sphere.doc).
// Audio packed inside (shorten, wavpack, shortpack) is not unpacked here; sniff.ts hands that to the converter.

import type { ChannelBlock } from "./channel-blocks.ts";
import { A_LAW, MU_LAW } from "./companding.ts";
import { checkLength, mixInterleaved, NOTHING_DECODED, type SourceAudio } from "./source-audio.ts";

type SampleReader = (data: DataView, at: number) => number;

const COMPANDED: Readonly<Record<string, Float32Array>> = { ulaw: MU_LAW, "mu-law": MU_LAW, alaw: A_LAW };

/** Whether samples are packed, or coded in a way that `readSphere` does not know. */
export function isPackedSphere(bytes: Uint8Array): boolean {
  const header = readHeader(bytes);
  return header !== undefined && sampleReader(header.fields) === undefined;
}

export function readSphere(bytes: Uint8Array, where: string, channel?: number): SourceAudio {
  const header = readHeader(bytes);
  const read = header && sampleReader(header.fields);
  if (header === undefined || read === undefined) return NOTHING_DECODED;
  const { fields, size } = header;
  const channels = Number(fields.get("channel_count") ?? 1);
  const sampleBytes = bytesPerSample(fields);
  if (!(channels >= 1 && Number.isInteger(channels))) return NOTHING_DECODED;
  const data = new DataView(bytes.buffer, bytes.byteOffset + size, bytes.length - size);
  const there = Math.floor(data.byteLength / (sampleBytes * channels));
  const announced = Number(fields.get("sample_count") ?? there);
  checkLength(there, where);
  const channelBlocks: ChannelBlock[] = [];
  const samples = { samples: there, channels, bytesPerSample: sampleBytes, channel };
  const mono = mixInterleaved({ ...samples, read: (at) => read(data, at) }, channelBlocks);
  return {
    mono,
    channels,
    rateHz: Number(fields.get("sample_rate")),
    missingSamples: Math.max(0, announced - there),
    uncountedSamples: Math.max(0, there - announced),
    channelBlocks,
  };
}

// ── The header ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Header {
  readonly fields: ReadonlyMap<string, string>;
  /** Bytes before the first sample. */
  readonly size: number;
}

/** The size of the header stands in its second line. */
const PREAMBLE = /^NIST_1A\r?\n *(\d+)\r?\n/;

function readHeader(bytes: Uint8Array): Header | undefined {
  const size = Number(PREAMBLE.exec(latin(bytes.subarray(0, 32)))?.[1]);
  if (!(size > 0 && size <= bytes.length)) return undefined;
  const [text] = latin(bytes.subarray(0, size)).split(/^end_head\b/m);
  const lines = text.matchAll(/^(\w+) +-(?:i|r|s\d+) +(.*?)\s*$/gm);
  return { fields: new Map([...lines].map(([, name, value]) => [name, value])), size };
}

const latin = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

// ── The samples ─────────────────────────────────────────────────────────────────────────────────────────────────

const bytesPerSample = (fields: Header["fields"]): number => Number(fields.get("sample_n_bytes") ?? 2);

/** Undefined for what is packed, or coded in no known way. */
function sampleReader(fields: Header["fields"]): SampleReader | undefined {
  const coding = fields.get("sample_coding") ?? "pcm";
  if (fields.get("channels_interleaved") === "FALSE") return undefined;
  const companded = COMPANDED[coding];
  if (companded !== undefined) return (data, at) => companded[data.getUint8(at)];
  if (coding !== "pcm") return undefined;
  const isLittle = fields.get("sample_byte_format")?.startsWith("0") ?? false; // "01" the low byte first, "10" the high
  return PCM_READERS[bytesPerSample(fields)]?.(isLittle);
}

/** By bytes of a sample; signed, also where it is one. */
const PCM_READERS: Readonly<Record<number, (isLittle: boolean) => SampleReader>> = {
  1: () => (data, at) => data.getInt8(at) / 2 ** 7,
  2: (isLittle) => (data, at) => data.getInt16(at, isLittle) / 2 ** 15,
  4: (isLittle) => (data, at) => data.getInt32(at, isLittle) / 2 ** 31,
};
