// The work of the thread that transcribes whole files: the model once more, beside that of live streams, so that neither
// waits for the other's network. Plain data in, plain data out.

import { EarshotError, type Fault } from "../../../errors.ts";
import { openDecodingPlan, type DecodingPlan } from "../../../evaluation/index.ts";
import type { ComputePrecision, ModelSource } from "../../../model/index.ts";
import {
  isRecordingLonger,
  Recognizer,
  type RejectionChoice,
  type Source,
  type Transcription,
} from "../../../recognizer/index.ts";
import { decoderChoice, type TranscriptionRequest } from "../transcription-request.ts";

export interface FileModelOptions {
  readonly engine?: string;
  readonly threads?: number;
  readonly precision?: ComputePrecision;
  readonly decoding?: DecodingPlan | "greedy";
  readonly rejection?: RejectionChoice;
}

export type FileWork = ReturnType<typeof fileWork>;

/** For one worker. */
export function fileWork() {
  let recognizer: Recognizer;
  const running = new Map<number, AbortController>();
  return {
    load: async (source: ModelSource, { decoding, ...options }: FileModelOptions) => {
      recognizer = await Recognizer.load(source, { ...options, decoding: await openDecodingPlan(decoding) });
    },
    /** @param id for `cancel` @throws LONG_AUDIO, what `transcribe` and `decoderFor` throw */
    transcribe: async (
      id: number,
      source: Source,
      request: TranscriptionRequest,
      mostSeconds: number,
    ): Promise<Transcription> => {
      const controller = new AbortController();
      running.set(id, controller);
      try {
        const { signal } = controller;
        await checkLength(source, mostSeconds, signal);
        const choice = await decoderChoice(request);
        const decoder = choice && recognizer.decoderFor(choice);
        return await recognizer.transcribe(source, { decoder, signal });
      } finally {
        running.delete(id);
      }
    },
    /** How much of the processor a decoder for this takes, in ms. @throws what `decoderFor` throws */
    tryDecoder: async (request: TranscriptionRequest): Promise<number> => {
      const [start, before] = [performance.now(), cpuMs()];
      const choice = await decoderChoice(request);
      if (choice) recognizer.decoderFor(choice);
      return Math.min(performance.now() - start, cpuMs() - before);
    },
    cancel: (id: number) => running.get(id)?.abort(new Error("cancelled")),
  };
}

/** Before it is held: a small file can hold hours. */
async function checkLength(source: Source, mostSeconds: number, signal: AbortSignal): Promise<void> {
  if (typeof source === "string" && (await isRecordingLonger(source, mostSeconds, signal)))
    throw longAudio(mostSeconds);
}

export function longAudio(mostSeconds: number): EarshotError {
  return new EarshotError({
    code: "LONG_AUDIO",
    where: "file",
    problem: `The recording is longer than ${mostSeconds} s.`,
    remedy: "Send it in shorter parts.",
  });
}

/** Of this thread; of the whole process, which is more, where Node counts no threads by themselves. */
function cpuMs(): number {
  const counted = process as { readonly threadCpuUsage?: () => NodeJS.CpuUsage };
  const { user, system } = counted.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}

/** The fault for an error without a code. */
export function fileFailed(error: unknown): Fault {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "INTERNAL_ERROR", problem, remedy: "This is a bug in Earshot: please report it." };
}
