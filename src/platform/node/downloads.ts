// Fetching a large file over HTTP so that nothing is fetched twice: it grows as `….part`, is taken up where it ended
// (RFC 9110, section 14: Range with If-Range), is checked, and only then gets its name. Knows nothing of archives.

import { createReadStream } from "node:fs";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { EarshotError } from "../../errors.ts";
import type { FetchOptions } from "../downloads.ts";
import { makeFolders } from "./make-folders.ts";
import { dirname } from "./path.ts";

/**
 * Does nothing when the file is already there. When interrupted, it leaves `….part` to go on from.
 * @throws EarshotError DOWNLOAD_FAILED, CHECKSUM_MISMATCH
 */
export async function fetchFile(url: string, path: string, options: FetchOptions = {}): Promise<void> {
  if ((await sizeOf(path)) !== undefined) return;
  await makeFolders(dirname(path));
  const part = `${path}.part`;
  await persist(
    url,
    options,
    () => fetchRest(url, part, options),
    () => sizeOf(part),
  );
  await verify(url, part, options);
  await rename(part, path);
  await rm(`${part}.json`, { force: true });
}

/** The text of a page. @throws EarshotError DOWNLOAD_FAILED */
export async function fetchText(url: string, options: FetchOptions = {}): Promise<string> {
  return persist(url, options, async () => (await request(url, {}, options.signal)).text());
}

// ── Attempts ────────────────────────────────────────────────────────────────────────────────────────────────────

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 1000;

/** Tries again, later and later, as long as the fault may pass; an attempt that fetched something does not count as failed. */
async function persist<Result>(
  url: string,
  { attempts = ATTEMPTS, pauseMs = FIRST_PAUSE_MS, signal }: FetchOptions,
  attempt: () => Promise<Result>,
  progress: () => Promise<number | undefined> = () => Promise.resolve(undefined),
): Promise<Result> {
  let furthest = (await progress()) ?? 0;
  for (let failed = 0; ;) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof EarshotError || isOfFileSystem(error)) throw error;
      const reached = (await progress()) ?? 0;
      failed = reached > furthest ? 1 : failed + 1;
      furthest = Math.max(furthest, reached);
      if (failed >= attempts) throw downloadFailed(url, reasonOf(error), error);
      await pause(pauseMs * 2 ** (failed - 1), undefined, { signal }).catch(() => undefined);
      signal?.throwIfAborted(); // for its own reason
    }
  }
}

/** A full disk does not pass. */
const isOfFileSystem = (error: unknown): boolean =>
  error instanceof Error && "syscall" in error && "path" in error;

/** `fetch` says only that it failed; its cause knows why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}

// ── One attempt ─────────────────────────────────────────────────────────────────────────────────────────────────

/** What the part is the beginning of: only the same state of the same file may be continued. */
interface Origin {
  readonly url: string;
  /** The server's tag or date of that state. */
  readonly validator: string;
}

async function fetchRest(url: string, part: string, { signal, onProgress }: FetchOptions): Promise<void> {
  const origin = await readOrigin(part);
  const had = origin?.url === url ? ((await sizeOf(part)) ?? 0) : 0;
  const range: Record<string, string> =
    had > 0 && origin ? { range: `bytes=${had}-`, "if-range": origin.validator } : {};
  const response = await request(url, range, signal);
  if (response.status === 416 && isWhole(response, had)) return; // a run that ended before the check left it
  if (response.status === 416) return startOver(url, part);
  const continues = response.status === 206 && startOf(response) === had;
  if (response.status === 206 && !continues) return startOver(url, part);
  await writeFile(`${part}.json`, JSON.stringify(originOf(url, response)));
  const from = continues ? had : 0;
  const length = bodyLength(response);
  const ofBytes = length === undefined ? undefined : from + length;
  let bytes = from;
  const file = await open(part, continues ? "a" : "w");
  try {
    onProgress?.({ bytes, ofBytes });
    for await (const piece of response.body ?? []) {
      await file.writeFile(piece); // piece by piece, so that nothing that came is lost with the connection
      bytes += piece.length;
      onProgress?.({ bytes, ofBytes });
    }
  } finally {
    await file.close();
  }
  if (ofBytes !== undefined && bytes < ofBytes)
    throw new Error(`the connection ended after ${bytes} of ${ofBytes} bytes`);
}

/** Removes a part that does not fit what the server has: the error makes the next attempt begin anew. */
async function startOver(url: string, part: string): Promise<never> {
  await rm(part, { force: true });
  throw new Error(`${url} has changed`);
}

/** @throws EarshotError for an answer that will not change, else an Error. */
async function request(
  url: string,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  // Not compressed for the transfer: ranges and sizes would mean the packed bytes.
  const response = await fetch(url, { headers: { ...headers, "accept-encoding": "identity" }, signal });
  if (response.ok || response.status === 416) return response;
  await response.body?.cancel();
  const answer = `the server answered ${response.status} ${response.statusText}`.trim();
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) throw new Error(answer);
  throw downloadFailed(url, answer);
}

async function readOrigin(part: string): Promise<Origin | undefined> {
  try {
    const origin: Partial<Origin> = JSON.parse(await readFile(`${part}.json`, "utf8"));
    return origin.url && origin.validator ? { url: origin.url, validator: origin.validator } : undefined;
  } catch {
    return undefined; // there is no part, or it is not known of what
  }
}

/** A weak tag means "much the same", which is not enough to continue. */
function originOf(url: string, { headers }: Response): Origin {
  const tag = headers.get("etag") ?? "";
  return { url, validator: tag.startsWith('"') ? tag : (headers.get("last-modified") ?? "") };
}

/** Whether a range from `had` on is refused because the file ends there. */
const isWhole = ({ headers }: Response, had: number): boolean =>
  headers.get("content-range") === `bytes */${had}`;

const startOf = ({ headers }: Response): number =>
  Number(/^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1]);

function bodyLength({ headers }: Response): number | undefined {
  const isPacked = (headers.get("content-encoding") ?? "identity") !== "identity";
  const length = headers.get("content-length");
  return length === null || isPacked ? undefined : Number(length);
}

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

// ── The checksum ────────────────────────────────────────────────────────────────────────────────────────────────

async function verify(url: string, part: string, { checksum, signal }: FetchOptions): Promise<void> {
  if (checksum === undefined) return;
  const { algorithm, hex } = checksum;
  const hash = createHash(algorithm);
  await pipeline(createReadStream(part), hash, { signal });
  const came = hash.digest("hex");
  if (came === hex.toLowerCase()) return;
  await Promise.all([rm(part, { force: true }), rm(`${part}.json`, { force: true })]);
  throw new EarshotError({
    code: "CHECKSUM_MISMATCH",
    where: url,
    problem: `The ${algorithm} checksum should be ${hex} but is ${came}; the file was removed.`,
    remedy:
      "Run the command again; if it stays so, the file was changed where it is published: fetch it elsewhere.",
  });
}

function downloadFailed(url: string, reason: string, cause?: unknown): EarshotError {
  return new EarshotError(
    {
      code: "DOWNLOAD_FAILED",
      where: url,
      problem: `It could not be fetched: ${reason}.`,
      remedy: "Run the command again to go on; or fetch the archive by other means and give its path.",
    },
    { cause },
  );
}
