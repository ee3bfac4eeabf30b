// Plain text: the transcript of a single recording, or lines of path, tab, transcript.

import type { Writer } from "./writer.ts";

export const txt: Writer = {
  header: "",
  record: ({ path, text }, alone) => (alone ? `${text}\n` : `${path}\t${text}\n`),
};
