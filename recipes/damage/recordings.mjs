// The intact recordings of this recipe: clips of the demo's corpus in every format that Earshot reads, made by ffmpeg.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CLIPS = fileURLToPath(new URL("../../demo/corpus/test/", import.meta.url));

/** What ffmpeg is told, and for WAV the bytes of a second. */
const FORMATS = [
  { name: "8-bit", extension: "wav", options: ["-c:a", "pcm_u8"], bytesPerSecond: 16_000 },
  { name: "FLAC", extension: "flac", options: ["-c:a", "flac"] },
  { name: "16-bit", extension: "wav", options: ["-c:a", "pcm_s16le"], bytesPerSecond: 32_000 },
  { name: "MP3", extension: "mp3", options: ["-c:a", "libmp3lame", "-b:a", "48k"] },
  {
    name: "24-bit stereo",
    extension: "wav",
    options: ["-c:a", "pcm_s24le", "-ac", "2", "-ar", "22050"],
    bytesPerSecond: 132_300,
  },
  { name: "Opus", extension: "opus", options: ["-c:a", "libopus", "-b:a", "24k"] },
  { name: "float", extension: "wav", options: ["-c:a", "pcm_f32le"], bytesPerSecond: 64_000 },
  { name: "FLAC stereo", extension: "flac", options: ["-c:a", "flac", "-ac", "2", "-ar", "44100"] },
  { name: "µ-law", extension: "wav", options: ["-c:a", "pcm_mulaw"], bytesPerSecond: 16_000 },
  { name: "Vorbis", extension: "ogg", options: ["-c:a", "libvorbis", "-ac", "2", "-ar", "44100"] },
  { name: "M4A", extension: "m4a", options: ["-c:a", "aac", "-b:a", "48k"] },
  { name: "Wave64", extension: "w64", options: ["-c:a", "pcm_s16le"], bytesPerSecond: 32_000 },
];

/** @returns {{ path, bytes, format, extension, bytesPerSecond? }[]} */
export function makeIntact(folder, count) {
  mkdirSync(folder, { recursive: true });
  const clips = readdirSync(CLIPS).toSorted();
  return Array.from({ length: count }, (_, i) => {
    const { name, extension, options, bytesPerSecond } = FORMATS[i % FORMATS.length];
    const path = join(folder, `intact-${i}.${extension}`);
    const input = join(CLIPS, clips[i % clips.length]);
    ffmpeg("-i", input, "-ac", "1", "-ar", "16000", ...options, "-bitexact", path);
    return { path, bytes: readFileSync(path), format: name, extension, bytesPerSecond };
  });
}

export function ffmpeg(...parameters) {
  return execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-y", ...parameters], {
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 28,
  });
}

export function ffprobe(...parameters) {
  return execFileSync("ffprobe", ["-v", "error", "-of", "json", ...parameters], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}
