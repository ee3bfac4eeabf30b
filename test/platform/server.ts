// A server on the loopback address that gives files as real ones do, and fails as real ones do.

import { statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export interface Served {
  body: Uint8Array | string;
  /** Undefined: the server says nothing of the state of the file. */
  etag?: string;
  /** Whether ranges are honored. */
  ranges?: boolean;
  /** The connection is cut after so many bytes, as often as there are numbers, */
  cuts?: number[];
  /** once this file has them: what came with a connection is lost where nobody read it before the end. */
  part?: string;
  /** Answers of these codes come before the file. */
  failures?: number[];
}

export interface FileServer {
  readonly url: (path: string) => string;
  readonly files: Map<string, Served>;
  /** Method, path and range of each request, in order. */
  readonly requests: string[];
}

export async function serveFiles(): Promise<FileServer> {
  const files = new Map<string, Served>();
  const requests: string[] = [];
  const server = createServer((request, response) => answer(files, requests, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: (path) => `http://127.0.0.1:${port}/${path}`, files, requests };
}

function answer(
  files: FileServer["files"],
  requests: string[],
  { url = "", headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const path = url.slice(1);
  requests.push(`${path}${headers.range ? ` ${headers.range}` : ""}`);
  const file = files.get(path);
  const failure = file === undefined ? 404 : file.failures?.shift();
  if (file === undefined || failure !== undefined) {
    response.writeHead(failure ?? 404).end();
    return;
  }
  const body = Buffer.from(file.body);
  const { etag, ranges = true } = file;
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  const continues = ranges && from > 0 && headers["if-range"] === etag;
  if (continues && from >= body.length) {
    response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
    return;
  }
  const part = continues ? body.subarray(from) : body;
  const range = continues ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {};
  response.writeHead(continues ? 206 : 200, {
    ...(etag && { etag }),
    ...range,
    "content-length": part.length,
  });
  const cut = file.cuts?.shift();
  if (cut === undefined) response.end(part);
  else response.write(part.subarray(0, cut), () => cutOnce(response, () => sizeOf(file.part) >= from + cut));
}

function cutOnce(response: ServerResponse, arrived: () => boolean): void {
  if (arrived()) response.destroy();
  else setTimeout(cutOnce, 5, response, arrived);
}

const sizeOf = (path = ""): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
