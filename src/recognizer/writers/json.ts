// JSON Lines (jsonlines.org): one object a line.

import type { Writer } from "./writer.ts";

export const json: Writer = {
  header: "",
  record: ({ path, text, warnings }) => `${JSON.stringify({ path, text, warnings })}\n`,
};
