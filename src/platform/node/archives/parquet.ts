// Parquet tables of recordings, as the Hugging Face hub has them: a column of {bytes, path} and columns that say what is
// said and by whom. They become recordings and metadata.jsonl, what the hub calls an audio folder. Row groups are read one
// after another; a file of some gigabytes never stands in memory whole.

import { compressors } from "hyparquet-compressors";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import type { SchemaElement } from "hyparquet";
import { isRecord } from "../../../settings.ts";
import type { UnpackSession } from "./session.ts";

export async function unpackParquet(archive: string, session: UnpackSession): Promise<void> {
  const file = await asyncBufferFromFile(archive);
  const metadata = await parquetMetadataAsync(file);
  const audio = audioColumn(metadata.schema);
  if (audio === undefined) throw new Error("it has no column of recordings: a group of bytes and path");
  const lines: string[] = [];
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors, utf8: false, rowStart, rowEnd });
    for (const [index, row] of rows.entries()) {
      const { [audio]: recording, ...facts } = row;
      const name = await writeRecording(recording, rowStart + index, session);
      lines.push(JSON.stringify({ ...plainOnes(facts), file_name: name }));
    }
    rowStart = rowEnd;
  }
  await session.write(
    "metadata.jsonl",
    once(new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))),
  );
}

/** The group of which `bytes` is a part, `audio` where there are several: parts follow their group (parquet.thrift). */
function audioColumn(schema: readonly SchemaElement[]): string | undefined {
  const [, ...columns] = schema; // without the root
  const groups = columns.filter(({ num_children: parts = 0 }, index) =>
    columns.slice(index + 1, index + 1 + parts).some(({ name }) => name === "bytes"),
  );
  return (groups.find(({ name }) => name === "audio") ?? groups[0])?.name;
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
