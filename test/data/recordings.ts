// Small recordings for the tests of this room, written by the test itself.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { RandomStream } from "../../src/random.ts";

/** A temporary folder that goes when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "earshot-data-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes noise as 16-bit PCM WAV, mono at 16 kHz, and returns the path. */
export function writeNoise(folder: string, name: string, seconds: number): string {
  const random = new RandomStream("noise", name);
  const samples = Int16Array.from(
    { length: Math.round(seconds * 16_000) },
    () => 8000 * (random.uniform() - 0.5),
  );
  return writePcm(folder, name, samples);
}

/** The same of samples in [-1, 1). */
export function writeSamples(folder: string, name: string, samples: Float32Array): string {
  return writePcm(
    folder,
    name,
    Int16Array.from(samples, (sample) => Math.round(2 ** 15 * sample)),
  );
}

function writePcm(folder: string, name: string, samples: Int16Array): string {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16); // bytes of the format chunk
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28); // bytes of a second
  header.writeUInt16LE(2, 32); // bytes of a sample
  header.writeUInt16LE(16, 34); // bits
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([header, Buffer.from(samples.buffer)]));
  return path;
}
