// A whole file under the limits of the server, as every dialect uses it. It goes through a file of the server's own naming, so
// that it is decoded while it is read, and measured before it is held: a small file can hold hours.

import type { Transcription } from "../../../recognizer/index.ts";
import type { FileWorkDone } from "../models/file-job.ts";
import type { ModelLease } from "../models/models.ts";
import { badRequest, Refusal, serverStops } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import type { TranscriptionRequest } from "../transcription-request.ts";
import { usableRequest } from "../usable-request.ts";
import { withRecording } from "./temporary-recordings.ts";

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

/** @param parts of the file, in order @throws Refusal; what is wrong with the file, the hot words or the grammar */
export async function transcribeFile(
  context: ServerContext,
  parts: readonly Uint8Array[],
  options: FileOptions,
): Promise<TranscribedFile> {
  if (parts.every(({ length }) => length === 0)) throw badRequest("The file is empty.", "file");
  const stop = new AbortController();
  const leave = context.admission.admitFile(() => stop.abort(serverStops()));
  const signal = AbortSignal.any([options.signal, stop.signal]);
  let lease: ModelLease | undefined;
  try {
    lease = context.models.lease(options.model);
    return await transcribeWith(context, lease, parts, { ...options, signal });
  } finally {
    lease?.release();
    leave();
  }
}

async function transcribeWith(
  context: ServerContext,
  { name: model, model: served }: ModelLease,
  parts: readonly Uint8Array[],
  { request, signal, ...options }: FileOptions,
): Promise<TranscribedFile> {
  const usable = usableRequest(context, served, request, options);
  const start = performance.now();
  try {
    const done = await withRecording(parts, (path) =>
      served.transcribe(path, usable, signal, context.limits),
    );
    countFile(context, { ...options, model }, done, (performance.now() - start) / 1000);
    return { model, separator: served.separator, transcription: done.transcription };
  } catch (error) {
    if (signal.aborted && !(error instanceof Refusal))
      throw new Refusal("bad_request", "The client has gone.", { code: "gone", status: 499 });
    throw error;
  }
}

/** @param wholeSeconds that the client waited, for files before its own, too */
function countFile(
  { metrics, log }: ServerContext,
  {
    dialect,
    model,
    client,
  }: { readonly dialect: string; readonly model: string; readonly client: ServerClient },
  { transcription: { seconds, text }, seconds: tookSeconds }: FileWorkDone,
  wholeSeconds: number,
): void {
  metrics.audioSeconds.add({ kind: "file", model }, seconds);
  metrics.busySeconds.add({ model }, tookSeconds);
  metrics.fileSeconds.observe({ dialect }, wholeSeconds);
  if (seconds > 0) metrics.fileRealTimeFactor.observe({ model }, tookSeconds / seconds);
  const { requestId: request, key } = client;
  log.info("file", {
    request,
    key,
    dialect,
    model,
    seconds: Number(seconds.toFixed(2)),
    ms: Math.round(1000 * tookSeconds),
    waitedMs: Math.round(1000 * (wholeSeconds - tookSeconds)),
    ...log.said(text),
  });
}
