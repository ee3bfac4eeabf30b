// Small recordings for the tests of this room, written by the test itself.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { encodeWav } from "../../src/audio/index.ts";
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
  const length = Math.round(seconds * 16_000);
  return writeSamples(
    folder,
    name,
    Float32Array.from({ length }, () => 0.25 * (random.uniform() - 0.5)),
  );
}

/** The same of samples in [-1, 1). */
export function writeSamples(folder: string, name: string, samples: Float32Array): string {
  const path = join(folder, name);
  writeFileSync(path, encodeWav(samples, 16_000));
  return path;
}
