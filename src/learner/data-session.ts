// The data of a learner, prepared once for all that it does: the open feature store, and the splits of its corpus as they
// are in memory. A corpus whose utterances were changed since is prepared again; its features mostly lie in the store.

import { normalizeFeatures, type Frames } from "../audio/index.ts";
import type { FeatureStore, PreparedCorpus, Utterance } from "../data/index.ts";
import type { ModelFile } from "../model/index.ts";
import { WHOLE_SECONDS } from "../recognizer/index.ts";
import {
  openDevSplit,
  openStore,
  openTrainSplit,
  type CorpusRequest,
  type RunData,
} from "../training/index.ts";
import { sameItems, type Corpus } from "./corpus.ts";

/** Where events of this preparation go, and what stops it; the settings are always the learner's own. */
type PreparationOptions = Partial<Pick<CorpusRequest, "emit" | "signal">>;

/** Utterances as a recognizer would be given them, without their recordings being read again. */
export interface KeptUtterances {
  /** Length of the recordings. */
  readonly seconds: number;
  readonly source: (utterance: Utterance) => Promise<{ readonly frames: Frames }>;
}

export class DataSession {
  readonly #corpus: Corpus;
  readonly #request: CorpusRequest;
  #store: FeatureStore | undefined;
  /** The utterances that the splits were prepared from. */
  #utterances: readonly Utterance[] = [];
  #train: PreparedCorpus | undefined;
  #dev: { readonly split: PreparedCorpus | undefined } | undefined;

  /** @param request whose `emit` gets the warnings of the store, whenever they come */
  constructor(corpus: Corpus, request: CorpusRequest) {
    this.#corpus = corpus;
    this.#request = request;
  }

  /** The training set. */
  async train({ emit = this.#request.emit, signal }: PreparationOptions = {}): Promise<PreparedCorpus> {
    const { utterances } = this.#corpus;
    if (!sameItems(utterances, this.#utterances)) {
      this.#utterances = [...utterances];
      this.#train = this.#dev = undefined;
    }
    const request = { ...this.#request, emit, signal };
    this.#store ??= await openStore(this.#request);
    return (this.#train ??= await openTrainSplit(request, this.#utterances, this.#store));
  }

  /** What a run trains on and is measured on. */
  async splits({ emit = this.#request.emit, signal }: PreparationOptions): Promise<RunData> {
    const train = await this.train({ emit, signal });
    const request = { ...this.#request, emit, signal };
    this.#dev ??= { split: await openDevSplit(request, this.#utterances, this.#store!, train) };
    return { train, dev: this.#dev.split };
  }

  /** @returns undefined unless all utterances are of the dev split as it is kept, and none is cut into pieces */
  kept(utterances: readonly Utterance[], model: ModelFile, signal?: AbortSignal): KeptUtterances | undefined {
    const prepared = new Map(this.#dev?.split?.utterances.map((utterance) => [utterance.path, utterance]));
    const lengths = utterances.map(({ path }) => prepared.get(path)?.variants[0].seconds);
    if (!lengths.every((seconds) => seconds !== undefined && seconds <= WHOLE_SECONDS)) return undefined;
    return {
      seconds: lengths.reduce<number>((sum, seconds) => sum + seconds!, 0),
      source: async ({ path }) => {
        const { variants, ...recording } = prepared.get(path)!;
        const frames = await this.#store!.frames(recording, variants[0], signal);
        return { frames: normalizeFeatures(frames, model.features, model.statistics) };
      },
    };
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }
}
