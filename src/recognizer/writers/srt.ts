// SubRip subtitles, as most players read them.

import { cuesOf, timestamp } from "./cues.ts";
import type { Writer } from "./writer.ts";

export const srt: Writer = {
  header: "",
  ofOne: true,
  record: (record) =>
    cuesOf(record)
      .map(({ startMs, endMs, text }, i) => {
        return `${i + 1}\n${timestamp(startMs, ",")} --> ${timestamp(endMs, ",")}\n${text}\n`;
      })
      .join("\n"),
};
