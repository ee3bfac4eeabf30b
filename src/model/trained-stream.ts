// One recording through a network that can follow a stream: samples → frames → normalized frames → logits → rows, each
// stage a stream of its own, so that rows come as soon as no later sample can change them. In whatever pieces the samples
// come, the rows are those of the whole recording. Silence is like any other sound here: the recognizer leaves it out.

import { FeatureStream, NormalizationStream } from "../audio/index.ts";
import type { FeatureSettings, Frames } from "../audio/index.ts";
import { logProbabilities } from "../ctc/index.ts";
import { algorithmicDelayMs, networkContract, type StreamLogits } from "../network/index.ts";
import type { AcousticStream } from "./acoustic-model.ts";
import type { ModelFile } from "./model-file.ts";
import { joinBlocks } from "../tensor.ts";

/** Whether neither the features, nor their normalization, nor the network need the end of a recording. */
export function canFollowStream({ features, architecture }: StreamFacts): boolean {
  return networkContract(architecture).lookAhead !== "utterance" && framesLeaveAtOnce(features);
}

type StreamFacts = Pick<ModelFile, "features" | "architecture">;

/** How far the text of a stream is behind its sound, whatever the machine; undefined where it needs the end of a recording. */
export const streamDelayMs = (model: StreamFacts): number | undefined =>
  canFollowStream(model) ? rowDelayMs(model) : undefined;

/** The same, however the frames are normalized; undefined for a network that needs the whole utterance. */
export function rowDelayMs({ features, architecture }: StreamFacts): number | undefined {
  const { hopMs, deltas, deltaFrames } = features;
  const delay = algorithmicDelayMs(networkContract(architecture), hopMs);
  return delay === undefined ? undefined : delay + deltas * deltaFrames * hopMs;
}

const framesLeaveAtOnce = (features: FeatureSettings): boolean => waitingSetting(features) === undefined;

/** The setting for which the frames of an utterance wait for its end, and what it would have to be; undefined where none does. */
export function waitingSetting({
  level,
  normalization,
}: FeatureSettings): { readonly name: string; readonly value: string; readonly wanted: string } | undefined {
  if (level === "utterance") return { name: "features.level", value: level, wanted: '"recorded"' };
  if (["none", "global", "causal"].includes(normalization)) return undefined;
  return { name: "features.normalization", value: normalization, wanted: '"causal", "global" or "none"' };
}

/** One call at a time. */
export class TrainedStream implements AcousticStream {
  readonly #symbols: number;
  readonly #features: FeatureStream;
  readonly #normalization: NormalizationStream;
  readonly #openLogits: () => Promise<StreamLogits>;
  #logits: StreamLogits | undefined;

  /** @param openLogits is called with the first frames: only those who follow a stream load its program */
  constructor({ features, statistics, alphabet }: ModelFile, openLogits: () => Promise<StreamLogits>) {
    this.#symbols = alphabet.size;
    this.#features = new FeatureStream(features);
    this.#normalization = new NormalizationStream(features, statistics);
    this.#openLogits = openLogits;
  }

  async push(samples: Float32Array): Promise<Float32Array> {
    return this.#rows(this.#normalization.push(this.#features.push(samples)));
  }

  async finish(): Promise<Float32Array> {
    const last = [this.#normalization.push(this.#features.finish()), this.#normalization.finish()];
    const frames = joinBlocks(last.map(({ data }) => data)); // in one run: each waits for those of other streams
    if (frames.length > 0) this.#logits ??= await this.#openLogits();
    return this.#logits ? this.#probabilities(await this.#logits.finish(frames)) : frames;
  }

  async #rows({ data, frames }: Frames): Promise<Float32Array> {
    if (frames === 0) return data;
    this.#logits ??= await this.#openLogits();
    return this.#probabilities(await this.#logits.push(data));
  }

  /** @param logits [n, V] */
  #probabilities(logits: Float32Array): Float32Array {
    const steps = [logits.length / this.#symbols];
    return logProbabilities(logits, { steps, symbols: this.#symbols })[0];
  }
}
