// Joins the clips of a manifest's splits to one recording of so many hours, drawn by a seed, with pauses of a room's soft noise
// between them, up to a second each. Written as it is made: HOURS of WAV beside a list of what was said when.

import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { decodeAudio } from "../../dist/index.js";
import { encodeWav } from "../../dist/audio/index.js";
import { RandomStream } from "../../dist/random.js";

const RATE_HZ = 16_000; // of decoded samples
const LONGEST_PAUSE_SECONDS = 1;
const NOISE = 0.0005; // of full scale

/** @returns the clips in their order: `{ path, reference, start, end }`, in seconds */
export async function joinClips(manifest, splits, seconds, out) {
  const random = new RandomStream(1, "long recordings");
  const clips = readFileSync(manifest, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((row) => row.trimEnd().split(","));
  const wanted = clips.filter(([, , , split]) => splits.includes(split));
  const decoded = new Map();
  const stream = createWriteStream(`${out}.wav`);
  stream.write(header(Math.round(seconds * RATE_HZ)));
  const played = [];
  let [at, most] = [0, Math.round(seconds * RATE_HZ)];
  while (at < most) {
    const [name, reference] = wanted[random.integer(wanted.length)];
    const path = join(dirname(manifest), name);
    if (!decoded.has(path)) decoded.set(path, (await decodeAudio(readFileSync(path), path)).samples);
    const samples = decoded.get(path);
    const pause = Math.round(LONGEST_PAUSE_SECONDS * random.uniform() * RATE_HZ);
    if (at + pause + samples.length > most) break;
    await write(
      stream,
      Float32Array.from({ length: pause }, () => NOISE * random.normal()),
    );
    await write(stream, samples);
    at += pause + samples.length;
    played.push({ path, reference, start: (at - samples.length) / RATE_HZ, end: at / RATE_HZ });
  }
  await write(
    stream,
    Float32Array.from({ length: most - at }, () => NOISE * random.normal()),
  );
  stream.end();
  await once(stream, "finish");
  writeFileSync(`${out}.json`, JSON.stringify(played));
  return played;
}

async function write(stream, samples) {
  if (!stream.write(encodeWav(samples, RATE_HZ).slice(44))) await once(stream, "drain");
}

function header(samples) {
  const bytes = encodeWav(new Float32Array(0), RATE_HZ).slice(0, 44);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 36 + 2 * samples, true);
  view.setUint32(40, 2 * samples, true);
  return bytes;
}
