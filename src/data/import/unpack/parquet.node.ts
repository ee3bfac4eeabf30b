// Parquet tables of recordings, as the Hugging Face hub has them: a column of {bytes, path} and columns that say what is
// said and by whom. They become recordings and metadata.jsonl, what the hub calls an audio folder. Row groups are read one
// after another; a file of some gigabytes never stands in memory whole.

import { compressors } from "hyparquet-compressors";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import type { SchemaElement } from "hyparquet";
import { isRecord } from "../../../settings.ts";
import type { UnpackSession } from "./unpacking.node.ts";

/** Rows read at a time: recordings of ten seconds take some 300 kB each. */
const ROWS = 100;

export async function unpackParquet(archive: string, session: UnpackSession): Promise<void> {
  const file = await asyncBufferFromFile(archive);
  const metadata = await parquetMetadataAsync(file);
  const audio = audioColumn(metadata.schema);
  if (audio === undefined) throw new Error("it has no column of recordings: a group of bytes and path");
  const total = Number(metadata.num_rows);
  const lines: string[] = [];
  for (let from = 0; from < total; from += ROWS) {
    const [rowStart, rowEnd] = [from, Math.min(from + ROWS, total)];
    const rows = await parquetReadObjects({ file, metadata, compressors, utf8: false, rowStart, rowEnd });
    for (const [index, row] of rows.entries()) {
      const { [audio]: recording, ...told } = row;
      const name = await writeRecording(recording, rowStart + index, session);
      lines.push(JSON.stringify({ ...plainOnes(told), file_name: name }));
    }
  }
  await session.write(
    "metadata.jsonl",
    once(new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))),
  );
}

/** The first group of which `bytes` is a part: parts follow their group (parquet.thrift, SchemaElement). */
function audioColumn(schema: readonly SchemaElement[]): string | undefined {
  const group = schema.findIndex(
    ({ num_children: parts = 0 }, index) =>
      schema.slice(index + 1, index + 1 + parts).some(({ name }) => name === "bytes") && index > 0,
  );
  return schema[group]?.name;
}

/** The name of its file, unique by the row; empty, which makes a malformed row, where there are no bytes. */
async function writeRecording(recording: unknown, row: number, session: UnpackSession): Promise<string> {
  if (!isRecord(recording) || !(recording.bytes instanceof Uint8Array) || recording.bytes.length === 0)
    return "";
  const given = typeof recording.path === "string" ? recording.path : "";
  const stem = given.replace(/^.*[/\\]/, "").replaceAll(/[^\w.-]+/g, "_");
  const name = `audio/${String(row).padStart(6, "0")}${stem === "" ? ".wav" : `-${stem}`}`;
  await session.write(name, once(recording.bytes));
  return name;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Text and numbers; other columns are of no use to a manifest. */
function plainOnes(row: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const cells = Object.entries(row).map(([name, cell]) => [
    name,
    typeof cell === "bigint" ? Number(cell) : cell,
  ]);
  return Object.fromEntries(cells.filter(([, cell]) => typeof cell === "string" || typeof cell === "number"));
}
