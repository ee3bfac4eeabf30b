// The work of the worker of live streams: sound in, what is known of its utterances out; the models of all streams, and nothing
// of text. Plain data in, plain data out. In the thread of its caller it is the same work.

import type { Fault } from "../../errors.ts";
import { Ensemble, openModel } from "../../model/index.ts";
import type { EnsembleOptions, ModelCopy } from "../../model/index.ts";
import { canStream } from "../row-stream.ts";
import { SpokenUtterances } from "./spoken-utterances.ts";
import type { StreamSettings } from "./stream-settings.ts";
import { UtteranceBatches } from "./utterance-batches.ts";
import type { UtteranceStream } from "./utterance-updates.ts";
import { WholeUtterances } from "./whole-utterances.ts";

export type UtteranceWork = ReturnType<typeof utteranceWork>;

/** For one worker. */
export function utteranceWork() {
  let open: OpenUtterances;
  const streams = new Map<number, UtteranceStream>();
  return {
    load: async (copies: readonly ModelCopy[], options: EnsembleOptions) => {
      const models = await Promise.all(copies.map(({ source, options: own }) => openModel(source, own)));
      open = utterancesOf(new Ensemble(models, options));
    },
    open: async (id: number, settings: StreamSettings) => void streams.set(id, await open(settings)),
    push: (id: number, samples: Float32Array) => streams.get(id)!.push(samples),
    finish: (id: number) => streams.get(id)!.finish(),
    close: async (id: number) => {
      await streams.get(id)?.close();
      streams.delete(id);
    },
  };
}

export type OpenUtterances = (settings: StreamSettings) => Promise<UtteranceStream>;

/** The streams of some models: as they are spoken where these need nothing later, else by utterance. */
export function utterancesOf(model: Ensemble): OpenUtterances {
  if (canStream(model)) return (settings) => SpokenUtterances.open(model, settings);
  const batches = new UtteranceBatches(model);
  return (settings) => WholeUtterances.open(batches, settings);
}

/** The fault for an error without a code. */
export function streamFailed(error: unknown): Fault {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "STREAM_FAILED", problem, remedy: "This is a bug in Earshot: please report it." };
}
