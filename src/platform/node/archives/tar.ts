// Tar archives, as they are or packed with gzip or bzip2, as streams.

import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { createTarDecoder } from "modern-tar";
import bunzip2 from "unbzip2-stream";
import type { UnpackSession } from "./session.ts";

export type Packing = "none" | "gzip" | "bzip2";

/** What is no file of its own: a folder is made when a file goes into it. */
const PASSED_OVER = ["directory", "pax-header", "pax-global-header", "gnu-long-name", "gnu-long-link-name"];

export async function unpackTar(archive: string, packing: Packing, session: UnpackSession): Promise<void> {
  const bytes = ReadableStream.from(
    unpacked(createReadStream(archive), packing, session),
  ) as globalThis.ReadableStream;
  const entries = bytes.pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header, body } of entries) {
    const { name, type = "file", linkname } = header;
    if (type === "file" && !name.endsWith("/")) await session.write(name, body);
    else if (type === "file" || PASSED_OVER.includes(type)) await body.cancel();
    else
      throw session.refuse(
        `It holds a ${type}, ${JSON.stringify(name)}${linkname ? ` to ${linkname}` : ""}.`,
      );
  }
}

function unpacked(bytes: Readable, packing: Packing, session: UnpackSession): AsyncIterable<Uint8Array> {
  if (packing === "none") return bytes;
  if (packing === "bzip2") return bunzipped(bytes, session);
  return pipeline(bytes, createGunzip(), () => undefined); // an error is thrown to the reader
}

/** A few kilobytes may hold gigabytes: what one piece unfolds to is bounded before it is handed on. */
const MOST_OF_A_PIECE = 256 * 2 ** 20;

/** The library's stream is of Node's oldest kind: it answers within `write`, and knows no pausing. */
async function* bunzipped(bytes: Readable, session: UnpackSession): AsyncGenerator<Uint8Array> {
  const stage = bunzip2();
  let blocks: Uint8Array[] = [];
  let size = 0;
  let fault: Error | undefined;
  stage.on("error", (error: Error) => (fault ??= error));
  stage.on("data", (block: Uint8Array) => {
    blocks.push(block);
    size += block.length;
    if (size > MOST_OF_A_PIECE) throw session.refuse("It unfolds without end.");
  });
  const answered = (): Uint8Array[] => {
    if (fault !== undefined) throw fault;
    const answer = blocks;
    [blocks, size] = [[], 0];
    return answer;
  };
  for await (const piece of bytes) {
    stage.write(piece);
    yield* answered();
  }
  stage.end();
  yield* answered();
}
