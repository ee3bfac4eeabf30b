// Recordings that several processes transcribe together, whoever divides them: Open MPI's ranks (rank-job.ts), or a queue
// that clients join and leave (queue/).

import type { Recognizer, TranscriptRecord, Writer } from "../../../recognizer/index.ts";
import { recognizerSource, type InputRecording } from "../recordings.ts";
import { transcriptOutcome, type TranscriptOutcome } from "./outcome.ts";

export interface SharedJob {
  /** The recordings to transcribe next, as indices of the list; undefined when the job is done. */
  take(): Promise<readonly number[] | undefined>;
  /** To whoever reports. */
  give(outcome: TranscriptOutcome): Promise<void>;
}

export interface SharedWork {
  readonly recognizer: Recognizer;
  readonly recordings: readonly InputRecording[];
  readonly writer: Writer;
  readonly jsonOf: (record: TranscriptRecord) => object;
  readonly signal: AbortSignal;
}

/** Transcribes portions until the job is done. @throws the signal's reason */
export async function workOn(job: SharedJob, work: SharedWork): Promise<void> {
  const { recognizer, recordings, signal } = work;
  for (let portion; (portion = await job.take());) {
    let done = 0;
    const sources = portion.map((index) => recognizerSource(recordings[index]));
    for await (const outcome of recognizer.transcribeAll(sources, { signal })) {
      const index = portion[done++];
      await job.give(transcriptOutcome(index, recordings[index], outcome, work));
    }
    signal.throwIfAborted();
  }
}
