// Comma-separated values (RFC 4180, with plain line feeds), with the columns that a manifest has, so that transcripts
// can be corrected by hand and trained on.

import type { Writer } from "./writer.ts";

export const csv: Writer = {
  header: "path,transcript\n",
  record: ({ path, text }) => `${quote(path)},${quote(text)}\n`,
};

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
