// How far the times of words are from what is known: clips of a corpus are joined with known gaps (clips.mjs), transcribed
// and aligned. node recipes/word-times/run.mjs MANIFEST MODEL [split…]; some minutes on one core.

import { quantile } from "../../dist/quantiles.js";
import { RandomStream } from "../../dist/random.js";
import { alignSequences } from "../../dist/text/index.js";
import { Recognizer } from "../../dist/index.js";
import { SAMPLE_RATE_HZ } from "../../dist/audio/index.js";
import { alignRecording } from "../../dist/recognizer/index.js";
import { printTable } from "../earshot.mjs";
import { cutAt, GAPS, join, readClips, wholeParts, wordsBetweenPauses } from "./clips.mjs";

/** Beyond this a time is outside the speech: a hop, and what a fade hides. */
const TOLERANCE_MS = 20;
/** Of each kind: parts, each judged at its beginning and its end. */
const PARTS = 300;
const CUT_CLIPS = 100;
const SEED = 1;

const [manifest, modelPath, ...splits] = process.argv.slice(2);
if (!modelPath) {
  console.error("node recipes/word-times/run.mjs MANIFEST MODEL [split…]");
  process.exit(2);
}
const recognizer = await Recognizer.load(modelPath, { threads: 1, decoding: "greedy" });
try {
  const clips = await readClips(manifest, ({ split }) => splits.length === 0 || splits.includes(split));
  const kinds = {
    "words between pauses": wordsBetweenPauses(clips),
    "words cut out": await cutOut(new RandomStream(SEED, "cut").shuffle(clips).slice(0, CUT_CLIPS)),
    "whole clips": wholeParts(clips),
  };
  const rows = [];
  for (const [kind, parts] of Object.entries(kinds))
    for (const gap of GAPS) {
      const perRecording = kind === "whole clips" ? 2 : undefined;
      rows.push(...(await judge(kind, gap, join(parts, gap, PARTS, perRecording))));
    }
  printTable(
    [
      "parts",
      "gaps",
      "times",
      "of a part",
      "words",
      "beginnings: median",
      "95 %",
      "ends: median",
      "95 %",
      "outside the speech",
    ],
    rows,
  );
} finally {
  await recognizer.close();
}

/** The words of sentences, cut in the middle between one word's end and the next one's beginning. */
async function cutOut(clips) {
  const parts = [];
  for (const { samples, transcript } of clips) {
    const source = { samples, sampleRateHz: SAMPLE_RATE_HZ };
    const { words } = await recognizer.align(source, transcript, "clip");
    const bounds = words.slice(1).map(({ startMs }, i) => (startMs + words[i].endMs) / 2);
    parts.push(...cutAt({ samples, transcript }, [0, ...bounds, samples.length / 16]));
  }
  return parts;
}

async function judge(kind, gap, recordings) {
  const errors = { transcribe: [], align: [] };
  const sources = recordings.map(({ samples }) => ({ samples, sampleRateHz: SAMPLE_RATE_HZ }));
  let index = 0;
  for await (const { recording } of recognizer.logProbabilitiesAll(sources)) {
    const { parts } = recordings[index++];
    errors.transcribe.push(...errorsOf(recognizer.decode(recording).words, parts));
    const text = parts.map((part) => part.text).join(" ");
    errors.align.push(
      ...errorsOf(alignRecording(recording, text, recognizer.model, `${kind}, ${gap}`).words, parts),
    );
  }
  const views = gap.startsWith("noise") ? ["all of it", "what is heard"] : ["all of it"];
  return Object.entries(errors).flatMap(([times, found]) =>
    views.map((view) => {
      const [begins, ends] = ["begin", "end"].map((edge) => found.filter((each) => each.edge === edge));
      const outside = found.filter((each) => each.isOutside).length;
      return [
        kind,
        gap,
        times,
        view,
        begins.length,
        ...figures(begins, view),
        ...figures(ends, view),
        outside,
      ];
    }),
  );
}

/** Of each part the beginning of its first word and the end of its last, where they were recognized. */
function errorsOf(words, parts) {
  const known = parts.flatMap((part) => {
    const spelled = part.text.split(" ");
    return spelled.map((word, i) => ({
      word,
      begin: i === 0 ? [part.startMs, part.heardFromMs] : undefined,
      end: i === spelled.length - 1 ? [part.endMs, part.heardToMs] : undefined,
    }));
  });
  const [speechMs, silenceMs] = [parts[0].startMs - TOLERANCE_MS, parts.at(-1).endMs + TOLERANCE_MS];
  const { operations } = alignSequences(known.map(({ word }) => word), words.map(({ text }) => text)); // prettier-ignore
  const found = [];
  let [i, j] = [0, 0];
  for (const [at, { kind }] of operations.entries()) {
    if (kind === "match" && isCertain(operations, at)) {
      const isOutside = words[j].startMs < speechMs || words[j].endMs > silenceMs;
      const { begin, end } = known[i];
      if (begin) found.push({ edge: "begin", errors: begin.map((ms) => words[j].startMs - ms), isOutside });
      if (end) found.push({ edge: "end", errors: end.map((ms) => words[j].endMs - ms), isOutside });
    }
    if (kind !== "insertion") i++;
    if (kind !== "deletion") j++;
  }
  return found;
}

/** Beside an insertion or a deletion a word that occurs twice may be the other one. */
function isCertain(operations, at) {
  return [operations[at - 1], operations[at + 1]].every(
    (operation) => !operation || operation.kind === "match" || operation.kind === "substitution",
  );
}

/** Median and 95th percentile of how far the times are off, in ms. */
function figures(found, view) {
  const errors = found.map((each) => Math.abs(each.errors[view === "what is heard" ? 1 : 0]));
  const sorted = errors.toSorted((a, b) => a - b);
  return sorted.length === 0 ? ["", ""] : [0.5, 0.95].map((share) => Math.round(quantile(sorted, share)));
}
