// Plain text: the transcript of a single recording, or lines of path, tab, transcript.

import { sourceName, type Writer } from "./writer.ts";

export const txt: Writer = {
  header: "",
  record: (record, alone) => (alone ? `${record.text}\n` : `${sourceName(record)}\t${record.text}\n`),
  open: (separator) => {
    let written = "";
    return {
      words(words) {
        const text = words.map((word) => separator + word.text).join("");
        const next = written === "" ? text.slice(separator.length) : text;
        written += next;
        return next;
      },
      finish: ({ text }) => `${text.slice(written.length)}\n`,
    };
  },
};
