// A whole file under the limits of the server, as every dialect uses it. It goes through a file of the server's own naming, so
// that it is decoded while it is read, and measured before it is held: a small file can hold hours.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Transcription } from "../../../recognizer/index.ts";
import type { ModelLease } from "../models/models.ts";
import { badRequest, Refusal } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";
import { usableRequest } from "../usable-request.ts";

export interface FileOptions {
  /** For metrics and the log. */
  readonly dialect: string;
  readonly client: ServerClient;
  readonly model?: string;
  readonly request: TranscriptionRequest;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

export interface TranscribedFile {
  readonly model: string;
  readonly separator: string;
  readonly transcription: Transcription;
}

/** @throws Refusal; what is wrong with the file, the hot words or the grammar */
export async function transcribeFile(
  context: ServerContext,
  bytes: Buffer,
  options: FileOptions,
): Promise<TranscribedFile> {
  if (bytes.length === 0) throw badRequest("The file is empty.", "file");
  const leave = context.admission.admitFile();
  let lease: ModelLease | undefined;
  try {
    lease = context.models.lease(options.model);
    return await transcribeWith(context, lease, bytes, options);
  } finally {
    lease?.release();
    leave();
  }
}

async function transcribeWith(
  context: ServerContext,
  { name: model, model: served }: ModelLease,
  bytes: Buffer,
  { request, signal, ...options }: FileOptions,
): Promise<TranscribedFile> {
  const { fileSeconds, recordingSeconds } = context.limits;
  const usable = usableRequest(context, served, request, options);
  const late = AbortSignal.timeout(1000 * fileSeconds);
  const start = performance.now();
  try {
    const transcription = await withFile(bytes, (path) =>
      served.transcribe(path, usable, AbortSignal.any([signal, late]), recordingSeconds),
    );
    countFile(context, { ...options, model }, transcription, (performance.now() - start) / 1000);
    return { model, separator: served.separator, transcription };
  } catch (error) {
    if (late.aborted) throw new Refusal("too_slow", `The file took longer than ${fileSeconds} s.`);
    if (signal.aborted)
      throw new Refusal("bad_request", "The client has gone.", { code: "gone", status: 499 });
    throw error;
  }
}

async function withFile<Result>(bytes: Buffer, work: (path: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-serve-"));
  try {
    const path = join(folder, "recording");
    await writeFile(path, bytes);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countFile(
  { metrics, log }: ServerContext,
  {
    dialect,
    model,
    client,
  }: { readonly dialect: string; readonly model: string; readonly client: ServerClient },
  { seconds, text }: Transcription,
  tookSeconds: number,
): void {
  metrics.audioSeconds.add({ kind: "file", model }, seconds);
  metrics.busySeconds.add({ model }, tookSeconds);
  metrics.fileSeconds.observe({ dialect }, tookSeconds);
  if (seconds > 0) metrics.fileRealTimeFactor.observe({ model }, tookSeconds / seconds);
  const { requestId: request, key } = client;
  log.info("file", {
    request,
    key,
    dialect,
    model,
    seconds: Number(seconds.toFixed(2)),
    ms: Math.round(1000 * tookSeconds),
    ...log.said(text),
  });
}
