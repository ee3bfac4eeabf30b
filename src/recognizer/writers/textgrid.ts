// TextGrid, the annotation of Praat (fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html), in its long form: tiers
// of intervals that cover the recording from beginning to end, empty ones between words.

import type { Writer } from "./writer.ts";

export interface Interval {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export const textgrid: Writer = {
  header: "",
  extension: "TextGrid",
  ofOne: true,
  record: ({ words, seconds }) => textGrid({ words }, seconds),
};

/** @param tiers name → its intervals in their order */
export function textGrid(tiers: Readonly<Record<string, readonly Interval[]>>, seconds: number): string {
  const entries = Object.entries(tiers);
  return [
    'File type = "ooTextFile"',
    'Object class = "TextGrid"',
    "",
    "xmin = 0",
    `xmax = ${seconds}`,
    "tiers? <exists>",
    `size = ${entries.length}`,
    "item []:",
    ...entries.flatMap(([name, intervals], i) => [`    item [${i + 1}]:`, ...tier(name, intervals, seconds)]),
    "",
  ].join("\n");
}

function tier(name: string, intervals: readonly Interval[], seconds: number): string[] {
  const all = withGaps(intervals, 1000 * seconds);
  return [
    '        class = "IntervalTier"',
    `        name = ${quoted(name)}`,
    "        xmin = 0",
    `        xmax = ${seconds}`,
    `        intervals: size = ${all.length}`,
    ...all.flatMap(({ text, startMs, endMs }, i) => [
      `        intervals [${i + 1}]:`,
      `            xmin = ${startMs / 1000}`,
      `            xmax = ${endMs / 1000}`,
      `            text = ${quoted(text)}`,
    ]),
  ];
}

/** The last interval ends exactly where the recording does: times are whole milliseconds, its length need not be. */
function withGaps(intervals: readonly Interval[], lengthMs: number): Interval[] {
  const all: Interval[] = [];
  let end = 0;
  for (const { text, startMs, endMs } of intervals) {
    if (startMs > end) all.push({ text: "", startMs: end, endMs: startMs });
    if (endMs > startMs) all.push({ text, startMs, endMs }); // Praat has no place for an interval without length
    end = Math.max(end, endMs);
  }
  const last = all.at(-1);
  if (lengthMs - end >= 1 || !last) return [...all, { text: "", startMs: end, endMs: lengthMs }];
  return [...all.slice(0, -1), { ...last, endMs: lengthMs }];
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
