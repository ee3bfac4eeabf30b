// SubRip subtitles, as most players read them.

import { cueRecords, cuesOf, timestamp, type Cue } from "./cues.ts";
import type { Writer } from "./writer.ts";

export const srt: Writer = {
  header: "",
  ofOne: true,
  record: (record) => cuesOf(record).map(written).join(""),
  open: cueRecords(written),
};

function written({ startMs, endMs, text }: Cue, number: number): string {
  const cue = `${number + 1}\n${timestamp(startMs, ",")} --> ${timestamp(endMs, ",")}\n${text}\n`;
  return number === 0 ? cue : `\n${cue}`;
}
