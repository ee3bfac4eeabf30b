// Words whose times are known because they were joined from parts that hold nothing else: clips are cut tightly to what is
// loud in them, and joined with gaps of a known length. All of it is a function of SEED. Knows nothing of models.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { decodeAudio, SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { RandomStream } from "../../dist/random.js";

const SEED = 1;
const HOP = SAMPLE_RATE_HZ / 100;
const MS = SAMPLE_RATE_HZ / 1000;
/** A part is what is this loud: above the noise of its clip, and not too far below its loudest frame. */
const ABOVE_FLOOR_DB = 10;
const BELOW_PEAK_DB = 35;
/** Words of one clip are told apart by pauses of this length; a shorter dip is part of a word. */
const PAUSE_HOPS = 12;
const SHORTEST_HOPS = 8;
const FADE = 3 * MS; // against clicks
const GAP_MS = [100, 800];
const WORDS_PER_RECORDING = 5;

/** What lies between the words, and under them. */
export const GAPS = ["background", "zeros", "noise at 15 dB", "none"];

/** Clips of a manifest. @param accept says which rows are wanted */
export async function readClips(manifest, accept) {
  const [, ...rows] = readFileSync(manifest, "utf8").trimEnd().split("\n");
  const clips = [];
  for (const row of rows) {
    const [path, transcript, speaker, split] = row.trimEnd().split(",");
    if (!accept({ path, transcript, speaker, split })) continue;
    const file = resolve(dirname(manifest), path);
    const { samples } = await decodeAudio(readFileSync(file), file);
    clips.push({ path: file, transcript, samples });
  }
  return clips;
}

/** The clips, each cut to what is loud in it: parts of one word, or of a sentence. */
export function wholeParts(clips) {
  return clips.flatMap(({ transcript, samples }) => {
    const loud = loudHops(samples);
    const [first, last] = [loud.indexOf(true), loud.lastIndexOf(true)];
    return first < 0 ? [] : [{ text: transcript, samples: samples.slice(first * HOP, (last + 1) * HOP) }];
  });
}

/** The words of clips in which there is a pause between any two words. */
export function wordsBetweenPauses(clips) {
  return clips.flatMap(({ transcript, samples }) => {
    const words = transcript.split(" ");
    const islands = islandsOf(loudHops(samples));
    if (islands.length !== words.length || islands.some(({ from, to }) => to - from < SHORTEST_HOPS))
      return [];
    return islands.map(({ from, to }, i) => ({
      text: words[i],
      samples: samples.slice(from * HOP, to * HOP),
    }));
  });
}

/** Words cut out of sentences that have no pauses, at the places given. @param bounds in ms, one more than words */
export function cutAt({ transcript, samples }, bounds) {
  const words = transcript.split(" ").map((text, i) => {
    const part = samples.slice(Math.round(bounds[i] * MS), Math.round(bounds[i + 1] * MS));
    return wholeParts([{ transcript: text, samples: part }])[0];
  });
  return words.filter((word) => word && word.samples.length >= SHORTEST_HOPS * HOP); // less was cut in the wrong place
}

/**
 * Recordings of some parts each, with the time of each part. Each part is used before any is used again, in other company.
 * @param least parts, if there are any
 */
export function join(parts, gap, least, perRecording = WORDS_PER_RECORDING) {
  const recordings = [];
  for (let round = 0; parts.length >= perRecording && recordings.length * perRecording < least; round++) {
    const order = new RandomStream(SEED, "order", gap, round).shuffle(parts);
    for (let at = 0; at + perRecording <= order.length; at += perRecording)
      if (recordings.length * perRecording < least)
        recordings.push(joinOne(order.slice(at, at + perRecording), gap, recordings.length));
  }
  return recordings;
}

function joinOne(parts, gap, index) {
  const random = new RandomStream(SEED, "join", gap, index);
  const gaps = Array.from({ length: parts.length + 1 }, (_, i) => {
    const isJoint = gap === "none" && i > 0 && i < parts.length;
    return isJoint ? 0 : Math.round((GAP_MS[0] + random.uniform() * (GAP_MS[1] - GAP_MS[0])) * MS);
  });
  const length =
    gaps.reduce((sum, each) => sum + each, 0) + parts.reduce((sum, { samples }) => sum + samples.length, 0);
  const power = parts.reduce((sum, { samples }) => sum + meanSquare(samples), 0) / parts.length;
  const samples = noise(random, length, noisePower(parts, power, gap));
  const quiet = samples.slice();
  const times = [];
  let at = 0;
  for (const [i, part] of parts.entries()) {
    at += gaps[i];
    faded(part.samples).forEach((sample, n) => (samples[at + n] += sample));
    const heard = audible(part.samples, quiet);
    times.push({
      text: part.text,
      startMs: at / MS,
      endMs: (at + part.samples.length) / MS,
      heardFromMs: (at + heard.from) / MS,
      heardToMs: (at + heard.to) / MS,
    });
    at += part.samples.length;
  }
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return { samples: peak > 1 ? samples.map((sample) => sample / peak) : samples, parts: times };
}

/** Of a part what is no softer than the noise, as a whole or in its differences from sample to sample; in samples. */
function audible(part, noise) {
  const [least, leastHigh] = [meanSquare(noise), meanSquare(differences(noise))];
  const isHeard = Array.from({ length: Math.floor(part.length / HOP) }, (_, hop) => {
    const own = part.subarray(hop * HOP, (hop + 1) * HOP);
    return meanSquare(own) >= least || meanSquare(differences(own)) >= leastHigh;
  }).map((is, hop, all) => is && (all[hop - 1] || all[hop + 1]));
  const [first, last] = [isHeard.indexOf(true), isHeard.lastIndexOf(true)];
  return first < 0 ? { from: 0, to: part.length } : { from: first * HOP, to: (last + 1) * HOP };
}

const differences = (samples) => samples.map((sample, n) => (n === 0 ? 0 : sample - samples[n - 1]));

const noisePower = (parts, power, gap) => {
  if (gap === "zeros") return 0;
  return power * 10 ** (gap === "noise at 15 dB" ? -1.5 : -4.5);
};

/** Noise that falls by 6 dB an octave above 300 Hz, as that of rooms. */
function noise(random, length, power) {
  const samples = new Float32Array(length);
  if (power === 0) return samples;
  for (let n = 1; n < length; n++) samples[n] = 0.89 * samples[n - 1] + random.normal();
  const gain = Math.sqrt(power / meanSquare(samples));
  return samples.map((sample) => gain * sample);
}

function faded(samples) {
  return samples.map((sample, n) => sample * Math.min(1, n / FADE, (samples.length - 1 - n) / FADE));
}

function loudHops(samples) {
  const levels = Array.from(
    { length: Math.floor(samples.length / HOP) },
    (_, hop) => 10 * Math.log10(meanSquare(samples.subarray(hop * HOP, (hop + 1) * HOP)) + 1e-12),
  );
  const sorted = levels.toSorted((a, b) => a - b);
  const floor = sorted[Math.floor(levels.length / 10)];
  const least = Math.max(floor + ABOVE_FLOOR_DB, sorted.at(-1) - BELOW_PEAK_DB);
  const loud = levels.map((level) => level >= least);
  return loud.map((is, hop) => is && (loud[hop - 1] || loud[hop + 1])); // 10 ms alone is a click
}

/** Loud hops with less than a pause between them. */
function islandsOf(loud) {
  const islands = [];
  loud.forEach((is, hop) => {
    if (!is) return;
    const last = islands.at(-1);
    if (last && hop - last.to < PAUSE_HOPS) last.to = hop + 1;
    else islands.push({ from: hop, to: hop + 1 });
  });
  return islands;
}

const meanSquare = (samples) =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
