// Output formats of transcripts, by name. A new format is a new file in writers/ and a row here.

import { csv } from "./writers/csv.ts";
import { json } from "./writers/json.ts";
import { txt } from "./writers/txt.ts";
import type { Writer } from "./writers/writer.ts";

export type { TranscriptRecord, Writer } from "./writers/writer.ts";

export const writers = { txt, json, csv } as const satisfies Record<string, Writer>;
export type WriterName = keyof typeof writers;
