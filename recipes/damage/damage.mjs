// Every kind of damage that this recipe does to a recording, and what may come of it: "same" (the transcript of the
// original), "cut" (text and a warning where a second is left), "error" (a named one), "any" (text or a named error).

import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";

const AUDIO_EXTENSIONS = ["wav", "flac", "mp3", "ogg", "opus", "m4a", "aac", "txt", "bin"];
const HEADER_BYTES = 64;

/** Its share of the damaged files, what it expects, and the file that it makes of an original. */
const KINDS = {
  cut: {
    share: 0.3,
    expect: "cut",
    make: (random, { bytes }) => bytes.subarray(0, random.integer(bytes.length)),
  },
  "cut in front": {
    share: 0.04,
    make: (random, { bytes }) => bytes.subarray(1 + random.integer(bytes.length - 1)),
  },
  "bits flipped in the header": {
    share: 0.12,
    make: (random, { bytes }) => flip(random, bytes, 0, HEADER_BYTES),
  },
  "bits flipped in the data": {
    share: 0.16,
    make: (random, { bytes }) => flip(random, bytes, HEADER_BYTES, bytes.length),
  },
  "false name": { share: 0.08, expect: "same", extension: AUDIO_EXTENSIONS, make: (_, { bytes }) => bytes },
  "header alone": {
    share: 0.04,
    make: (random, { bytes }) => bytes.subarray(0, 4 + random.integer(HEADER_BYTES)),
  },
  "false sizes": { share: 0.06, make: falseSizes },
  "a piece lost": { share: 0.04, make: loseAPiece },
  "junk inside": { share: 0.04, make: junkInside },
  "two in one": { share: 0.02, make: (_, { bytes }, other) => Buffer.concat([bytes, other.bytes]) },
  "random bytes": { share: 0.03, make: (random) => noise(random, random.integer(40_000)) },
  zeros: { share: 0.01, expect: "error", make: (random) => Buffer.alloc(1 + random.integer(40_000)) },
  empty: { share: 0.01, expect: "error", make: () => Buffer.alloc(0) },
  text: {
    share: 0.01,
    expect: "error",
    make: (random) => Buffer.from("path,transcript\na.wav,hi\n".repeat(1 + random.integer(99))),
  },
  archive: {
    share: 0.01,
    expect: "error",
    make: (random, { path, bytes }) => (random.integer(2) ? gzipSync(bytes) : zip(path, bytes)),
  },
  "called a manifest": {
    share: 0.01,
    expect: "error",
    extension: ["csv", "jsonl"],
    make: (_, { bytes }) => bytes,
  },
  folder: { share: 0.005, expect: "error", place: (path) => mkdirSync(path) },
  "link in a circle": { share: 0.005, expect: "error", place: (path) => symlinkSync(basename(path), path) },
  "link to nothing": { share: 0.005, expect: "error", place: (path) => symlinkSync("nowhere", path) },
  "named pipe": { share: 0.005, expect: "error", place: (path) => execFileSync("mkfifo", [path]) },
};

/** Writes `count` damaged files; each originates from one of the intact ones. */
export function makeDamaged(folder, intact, count, random) {
  mkdirSync(folder, { recursive: true });
  const shared = Object.entries(KINDS).flatMap(([kind, { share }]) =>
    Array(Math.max(1, Math.round(share * count))).fill(kind),
  );
  const kinds = shared.length > count ? [...new Set(shared), ...shared] : shared; // of few files, each kind once
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i] ?? "cut";
    const { expect = "any", extension, make, place } = KINDS[kind];
    const original = intact[random.integer(intact.length)];
    const other = intact[random.integer(intact.length)];
    const called = extension?.[random.integer(extension.length)] ?? original.extension;
    const path = `${folder}/damaged-${String(i).padStart(3, "0")}.${called}`;
    const bytes = make?.(random, original, other);
    if (bytes) writeFileSync(path, bytes);
    else place(path);
    return { path, kind, expect, original, bytes };
  });
}

function flip(random, original, from, until) {
  const bytes = Buffer.from(original);
  for (let left = 1 + random.integer(8); left > 0; left--) {
    bytes[from + random.integer(Math.min(until, bytes.length) - from)] ^= 1 << random.integer(8);
  }
  return bytes;
}

/** One of the first integers is made larger, smaller or huge: lengths of chunks, blocks and pages are among them. */
function falseSizes(random, { bytes }) {
  const copy = Buffer.from(bytes);
  const sizes = [0, 1, bytes.length - 1, bytes.length + 1000, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff];
  const at = 4 * random.integer(12);
  copy[random.integer(2) ? "writeUInt32LE" : "writeUInt32BE"](sizes[random.integer(sizes.length)], at);
  return copy;
}

function loseAPiece(random, { bytes }) {
  const start = random.integer(bytes.length);
  return Buffer.concat([
    bytes.subarray(0, start),
    bytes.subarray(start + random.integer(bytes.length - start)),
  ]);
}

function junkInside(random, { bytes }) {
  const at = random.integer(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), noise(random, 1 + random.integer(5000)), bytes.subarray(at)]);
}

const noise = (random, length) => Buffer.from(Uint8Array.from({ length }, () => random.integer(256)));

/** The local header of a ZIP archive and its one file; no more is needed to be taken for one. */
function zip(path, bytes) {
  const name = Buffer.from(basename(path));
  const header = Buffer.alloc(30);
  header.write("PK\x03\x04", "latin1");
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name, deflateRawSync(bytes)]);
}
