// JSON Lines (jsonlines.org), one object for each recording, as NVIDIA's NeMo has them.

import { isRecord } from "../../settings.ts";
import type { MalformedRow, ManifestFormat, ManifestRow } from "./format.ts";

export const jsonLinesFormat: ManifestFormat = {
  recognizes: (firstLine) => /^\s*[{[]/.test(firstLine),
  read(text) {
    const rows: (ManifestRow & { readonly fields: ReadonlyMap<string, unknown> })[] = [];
    const malformed: MalformedRow[] = [];
    for (const [index, content] of text.split("\n").entries()) {
      const line = index + 1;
      const fields = readObject(content);
      if (fields !== undefined) rows.push({ line, fields });
      else if (content.trim() !== "") malformed.push({ line, reason: "no JSON object" });
    }
    return { columns: [...new Set(rows.flatMap(({ fields }) => [...fields.keys()]))], rows, malformed };
  },
  remedy: 'Give one object on each line, for example: {"audio_filepath": "a.wav", "text": "hello"}',
};

/** The fields that are not null, or undefined when the line is no object. */
function readObject(line: string): Map<string, unknown> | undefined {
  const value = parseJson(line);
  if (!isRecord(value)) return undefined;
  return new Map(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name.trim().toLowerCase(), field]),
  );
}

/** Undefined for what is no JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
