// Tells the format of a recording from its first bytes, never from its name. ID3v2 tags may precede MP3 and FLAC
// alike (id3.org, ID3v2.4 section 3.1) and are stepped over. Knows signatures only; it decodes nothing.

import { audioConverter } from "../../platform/index.ts";
import { findMp3Frames } from "./mp3-frames.ts";
import { isPackedSphere } from "./sphere.ts";

export type AudioFormat = "wav" | "flac" | "mp3" | "ogg" | "sphere";

export interface Sniffed {
  /** Undefined when the bytes are none of the formats that Earshot has a decoder for. */
  readonly format?: AudioFormat;
  /** ffmpeg's name of the container, for what Earshot reads through it. */
  readonly demuxer?: string;
  /** The bytes from the format's own signature on, ID3 tags cut off at both ends. */
  readonly body: Uint8Array;
}

export function sniffAudio(bytes: Uint8Array): Sniffed {
  const body = withoutTags(bytes);
  if (isWave(body)) return { format: "wav", body };
  if (startsWith(body, "fLaC")) return { format: "flac", body };
  if (startsWith(body, "OggS")) return { format: "ogg", body };
  if (startsWith(body, "NIST_1A") && !isPackedSphere(body)) return { format: "sphere", body };
  const foreign = foreignFormat(body);
  if (foreign === undefined && findMp3Frames(body).length > 0) return { format: "mp3", body };
  return { demuxer: foreign?.demuxer, body };
}

/** What the bytes look like and what to do with them, for a file that Earshot cannot read. */
export function describeForeign(bytes: Uint8Array): { content: string; remedy: string } {
  const first = bytes.subarray(0, 12);
  const hex = Array.from(first, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const text = Array.from(first, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join(
    "",
  );
  const begins = `begins with the bytes ${hex} ("${text}")`;
  const {
    name,
    demuxer,
    remedy = demuxer ? INSTALL : CONVERT,
  } = foreignFormat(withoutTags(bytes)) ?? UNKNOWN;
  return { content: name === undefined ? begins : `looks like ${name}: it ${begins}`, remedy };
}

interface Signature {
  readonly at: number;
  /** One character per byte. */
  readonly magic: string;
  readonly name: string;
  readonly demuxer?: string;
  /** For what is no recording at all. */
  readonly remedy?: string;
}

const CONVERT = "Convert it to WAV or FLAC.";
const INSTALL = `${audioConverter.advice}; or convert it elsewhere to WAV or FLAC.`;
const UNKNOWN: Partial<Signature> = {
  remedy: "If it is a recording, convert it to WAV or FLAC; if not, leave it out.",
};
const UNPACK = "Unpack it and give the recordings inside.";
const PULL = "Fetch the recording itself: git lfs pull";
const DOWNLOAD = "Download the recording itself; a server may have sent an error page in its place.";

const SIGNATURES: readonly Signature[] = [
  { at: 4, magic: "ftyp", name: "an M4A, MP4 or 3GP file", demuxer: "mov" },
  { at: 0, magic: "\x1aE\xdf\xa3", name: "a WebM or Matroska file", demuxer: "matroska" },
  { at: 0, magic: "FORM", name: "an AIFF file", demuxer: "aiff" },
  { at: 0, magic: "caff", name: "a Core Audio file (CAF)", demuxer: "caf" },
  { at: 0, magic: "NIST_1A", name: "a NIST SPHERE file of packed samples", demuxer: "nistsphere" },
  { at: 0, magic: "#!AMR", name: "an AMR file", demuxer: "amr" },
  { at: 0, magic: ".snd", name: "a Sun AU file", demuxer: "au" },
  { at: 0, magic: "0&\xb2u", name: "a Windows Media file (WMA)", demuxer: "asf" },
  { at: 0, magic: "wvpk", name: "a WavPack file", demuxer: "wv" },
  { at: 0, magic: "\xff\xf1", name: "an AAC stream (ADTS)", demuxer: "aac" },
  { at: 0, magic: "\xff\xf0", name: "an AAC stream (ADTS)", demuxer: "aac" },
  { at: 0, magic: "\xff\xf8", name: "an AAC stream (ADTS)", demuxer: "aac" },
  { at: 0, magic: "\xff\xf9", name: "an AAC stream (ADTS)", demuxer: "aac" },
  { at: 0, magic: "RIFX", name: "a big-endian WAV file (RIFX)" },
  { at: 8, magic: "AVI ", name: "an AVI video" },
  { at: 0, magic: "PK\x03\x04", name: "a ZIP archive", remedy: UNPACK },
  { at: 0, magic: "\x1f\x8b", name: "a gzip archive", remedy: UNPACK },
  { at: 0, magic: "version https://git-lfs", name: "a Git LFS pointer", remedy: PULL },
  { at: 0, magic: "<", name: "a web page or XML", remedy: DOWNLOAD },
];

function foreignFormat(bytes: Uint8Array): Signature | undefined {
  return SIGNATURES.find(({ at, magic }) => startsWith(bytes.subarray(at), magic));
}

/** The first half of Wave64's own GUID. */
const WAVE64 = "riff\x2e\x91\xcf\x11";

function isWave(bytes: Uint8Array): boolean {
  const riff = startsWith(bytes, "RIFF") || startsWith(bytes, "RF64") || startsWith(bytes, "BW64");
  return (riff && startsWith(bytes.subarray(8), "WAVE")) || startsWith(bytes, WAVE64);
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  if (bytes.length < magic.length) return false;
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic.charCodeAt(i)) return false;
  return true;
}

const ID3_HEADER_BYTES = 10;
const ID3V1_BYTES = 128;

function withoutTags(bytes: Uint8Array): Uint8Array {
  let start = 0;
  for (let tag = tagBytes(bytes); tag > 0; tag = tagBytes(bytes.subarray(start))) start += tag;
  // A tag whose size lies beyond the file: the audio must still be somewhere behind its header.
  if (start >= bytes.length) start = Math.min(ID3_HEADER_BYTES, bytes.length);
  const end = bytes.length - ID3V1_BYTES;
  const tagged = end > start && startsWith(bytes.subarray(end), "TAG");
  return bytes.subarray(start, tagged ? end : undefined);
}

/** Bytes of the ID3 tag that these begin with, more than are here perhaps; 0 of none. */
export function tagBytes(bytes: Uint8Array): number {
  if (!startsWith(bytes, "ID3") || bytes.length < ID3_HEADER_BYTES) return 0;
  return ID3_HEADER_BYTES + id3BodyBytes(bytes);
}

function id3BodyBytes(tag: Uint8Array): number {
  const hasFooter = (tag[5] & 0x10) !== 0;
  const size = ((tag[6] & 0x7f) << 21) | ((tag[7] & 0x7f) << 14) | ((tag[8] & 0x7f) << 7) | (tag[9] & 0x7f);
  return size + (hasFooter ? ID3_HEADER_BYTES : 0);
}
