// Comma-separated values (RFC 4180, with plain line feeds), with the columns that a manifest has, so that transcripts
// can be corrected by hand and trained on. A manifest has no channels: each of those is named behind the path.

import { sourceName, type Writer } from "./writer.ts";

export const csv: Writer = {
  header: "path,transcript\n",
  record: (record) => `${quote(sourceName(record))},${quote(record.text)}\n`,
};

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
