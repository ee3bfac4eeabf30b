// How much script a page loads: what earshot.js imports at once, and what training adds to it, packed as servers pack it. The
// runtime, the audio decoders and the WebAssembly files are loaded by themselves.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const FOLDER = fileURLToPath(new URL("../../dist/browser/", import.meta.url));
const KILOBYTE = 1000;

/** A module and all that it imports at once. */
function loadedWith(path: string, known = new Set<string>()): Set<string> {
  if (known.has(path)) return known;
  known.add(path);
  const text = readFileSync(path, "utf8");
  for (const [, name] of text.matchAll(/(?:from|import)"(\.\/[^"]+\.js)"/g))
    loadedWith(join(dirname(path), name), known);
  return known;
}

const packed = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0) / KILOBYTE;

/** What these modules import when they are asked to, by the beginning of its name. */
function lazily(name: string, modules: ReadonlySet<string>): string {
  const text = [...modules].map((path) => readFileSync(path, "utf8")).join("\n");
  const [, found] = new RegExp(`import\\("(\\./${name}-\\w+\\.js)"\\)`).exec(text)!;
  return join(FOLDER, found);
}

describe("the script that a page loads", () => {
  const recognizer = loadedWith(join(FOLDER, "earshot.js"));

  it("is at most 150 kB for a recognizer, all networks included, and has no audio decoder in it", () => {
    expect(recognizer.size).toBeGreaterThan(3);
    expect(packed(recognizer)).toBeLessThan(150);
    const names = [...recognizer].join(" ");
    expect(names).not.toMatch(/flac|mpg123|opus|vorbis|ort\./);
  });

  it("is at most 100 kB more for training, its workers included", () => {
    const training = loadedWith(lazily("training", recognizer), new Set(recognizer));
    for (const worker of ["training-worker.js", "feature-worker.js"])
      loadedWith(join(FOLDER, worker), training);
    expect(packed(training) - packed(recognizer)).toBeLessThan(100);
  });
});
