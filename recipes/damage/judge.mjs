// What each file should have given, told without Earshot's decoders: a cut WAV by its bytes per second, a cut FLAC by
// where ffprobe finds the frames of the original. What is left of either, as an intact WAV file, must have the same transcript.

import { readFileSync, writeFileSync } from "node:fs";
import { ffmpeg, ffprobe } from "./recordings.mjs";

const LONG_ENOUGH_SECONDS = 1;
const NAMED = new Set(
  readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8").match(/(?<=^\| `)[A-Z_]+(?=`)/gm),
);

/** What is left of a cut WAV or FLAC file, as an intact WAV file; undefined below a second, and for other formats. */
export function prefixOf({ path, bytes, original }, folder) {
  const { extension, bytesPerSecond } = original;
  const left = bytesPerSecond
    ? wavPrefix(bytes, bytesPerSecond)
    : extension === "flac"
      ? flacPrefix(bytes, original)
      : undefined;
  if (left === undefined || left.seconds < LONG_ENOUGH_SECONDS) return undefined;
  const prefix = `${folder}/${path.replace(/^.*\//, "")}.prefix.${left.extension}`;
  writeFileSync(prefix, left.bytes);
  return { of: path, path: prefix };
}

/** The same header with the sizes that are true now. Wave64 writes 64-bit sizes that count their own header. */
function wavPrefix(cut, bytesPerSecond) {
  const isWave64 = cut.subarray(0, 4).toString("latin1") === "riff";
  const at = cut.indexOf("data", 40) + (isWave64 ? 16 : 4);
  const start = at + (isWave64 ? 8 : 4);
  if (at < 40 || cut.length < start) return undefined;
  const bytes = Buffer.from(cut);
  if (isWave64) {
    bytes.writeBigUInt64LE(BigInt(cut.length), 16);
    bytes.writeBigUInt64LE(BigInt(cut.length - start + 24), at);
  } else {
    bytes.writeUInt32LE(cut.length - 8, 4);
    bytes.writeUInt32LE(cut.length - start, at);
  }
  return { bytes, extension: isWave64 ? "w64" : "wav", seconds: (cut.length - start) / bytesPerSecond };
}

/** Whole frames only: ffprobe tells where each of the original's ends, ffmpeg decodes so many of its samples. */
function flacPrefix(cut, original) {
  const packets = JSON.parse(ffprobe("-show_packets", "-show_streams", original.path));
  const [{ sample_rate: rateHz }] = packets.streams;
  const whole = packets.packets.filter(({ pos, size }) => Number(pos) + Number(size) <= cut.length);
  const samples = whole.reduce((sum, { duration }) => sum + duration, 0);
  const wav = ["-af", `atrim=end_sample=${samples}`, "-c:a", "pcm_s32le", "-f", "wav", "-"];
  return { bytes: ffmpeg("-i", original.path, ...wav), extension: "wav", seconds: samples / rateHz };
}

/** The files that gave something else than they should have. */
export function judge({ files, lines, texts, prefixes }) {
  const prefixOfPath = new Map(prefixes.map((prefix) => [prefix.of, prefix.path]));
  return files.flatMap(({ path, kind, expect, original }) => {
    const own = lines.filter((line) => line.path === path);
    const complaint =
      own.length === 1
        ? wrong(own[0], expect, texts[original.path], texts[prefixOfPath.get(path)])
        : `${own.length} lines for this file`;
    return complaint === undefined ? [] : [{ path, kind, complaint }];
  });
}

function wrong(line, expect, whole, prefix) {
  const { error, text, warnings } = line;
  if (error !== undefined && !(NAMED.has(error.code) && error.message && error.remedy))
    return `an error without a name: ${error.code}`;
  if (error === undefined && typeof text !== "string") return "neither text nor error";
  if (expect === "same" && (text !== whole.text || warnings.length > whole.warnings.length))
    return `"${text ?? error.code}" instead of "${whole.text}"`;
  if (expect === "error" && error === undefined) return `"${text}" instead of an error`;
  if (expect !== "cut" || prefix === undefined) return undefined;
  if (error !== undefined) return `${error.code}, though a second is left`;
  if (!warnings.some(({ code }) => code === "TRUNCATED_AUDIO")) return "no warning, though it is cut";
  return text === prefix.text ? undefined : `"${text}" instead of "${prefix.text}"`;
}
