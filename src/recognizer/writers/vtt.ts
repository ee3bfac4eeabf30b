// Subtitles for browsers: WebVTT (w3.org/TR/webvtt1).

import { cueRecords, cuesOf, timestamp, type Cue } from "./cues.ts";
import type { Writer } from "./writer.ts";

export const vtt: Writer = {
  header: "WEBVTT\n",
  ofOne: true,
  record: (record) => cuesOf(record).map(written).join(""),
  open: cueRecords(written),
};

function written({ startMs, endMs, text }: Cue): string {
  return `\n${timestamp(startMs, ".")} --> ${timestamp(endMs, ".")}\n${escaped(text)}\n`;
}

/** An alphabet may have these; in a cue they would begin a tag or an entity. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
