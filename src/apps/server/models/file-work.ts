// The work of the thread that transcribes whole files: the model once more, beside that of live streams, so that neither
// waits for the other's network. Plain data in, plain data out.

import type { Fault } from "../../../errors.ts";
import { openDecodingPlan, type DecodingPlan } from "../../../evaluation/index.ts";
import type { ModelSource } from "../../../model/index.ts";
import {
  Recognizer,
  type RejectionChoice,
  type Source,
  type Transcription,
} from "../../../recognizer/index.ts";
import { decoderChoice, type TranscriptionRequest } from "../transcription-request.ts";

export interface FileModelOptions {
  readonly engine?: string;
  readonly threads?: number;
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
    /** @param id for `cancel` @throws what `transcribe` and `decoderFor` throw */
    transcribe: async (id: number, source: Source, request: TranscriptionRequest): Promise<Transcription> => {
      const controller = new AbortController();
      running.set(id, controller);
      try {
        const choice = await decoderChoice(request);
        const decoder = choice && recognizer.decoderFor(choice);
        return await recognizer.transcribe(source, { decoder, signal: controller.signal });
      } finally {
        running.delete(id);
      }
    },
    /** How long a decoder for this takes to be made, in ms. @throws what `decoderFor` throws */
    tryDecoder: async (request: TranscriptionRequest): Promise<number> => {
      const start = performance.now();
      const choice = await decoderChoice(request);
      if (choice) recognizer.decoderFor(choice);
      return performance.now() - start;
    },
    cancel: (id: number) => running.get(id)?.abort(new Error("cancelled")),
  };
}

/** The fault for an error without a code. */
export function fileFailed(error: unknown): Fault {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "INTERNAL_ERROR", problem, remedy: "This is a bug in Earshot: please report it." };
}
