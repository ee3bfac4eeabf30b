// Output formats of transcripts, by name. A new format is a new file in writers/ and a row here.

import { csv } from "./writers/csv.ts";
import { json } from "./writers/json.ts";
import { srt } from "./writers/srt.ts";
import { textgrid } from "./writers/textgrid.ts";
import { txt } from "./writers/txt.ts";
import { vtt } from "./writers/vtt.ts";
import type { Writer } from "./writers/writer.ts";

export { cuesOf } from "./writers/cues.ts";
export { jsonOf, transcriptionJson } from "./writers/json.ts";
export { textGrid } from "./writers/textgrid.ts";
export type { RecordStream, TranscriptRecord, Writer } from "./writers/writer.ts";

export const writers = { txt, json, csv, srt, vtt, textgrid } as const satisfies Record<string, Writer>;
export type WriterName = keyof typeof writers;
