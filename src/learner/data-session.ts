// The data of a learner, prepared once for all that it does: the open feature store, and the splits of its corpus as they
// are in memory. A corpus whose utterances were changed since is prepared again; its features mostly lie in the store.

import type { FeatureStore, PreparedCorpus, Utterance } from "../data/index.ts";
import {
  openDevSplit,
  openStore,
  openTrainSplit,
  type CorpusRequest,
  type RunData,
} from "../training/index.ts";
import { sameItems, type Corpus } from "./corpus.ts";

/** Who is told of the work, and what stops it; the learner's own settings hold whatever a run has. */
type Occasion = Partial<Pick<CorpusRequest, "emit" | "signal">>;

export class DataSession {
  readonly #corpus: Corpus;
  readonly #request: CorpusRequest;
  #store: FeatureStore | undefined;
  /** The utterances that the splits were prepared from. */
  #utterances: readonly Utterance[] = [];
  #train: PreparedCorpus | undefined;
  #dev: { readonly split: PreparedCorpus | undefined } | undefined;

  /** @param request whose `emit` is told what the store has to say, whenever that is */
  constructor(corpus: Corpus, request: CorpusRequest) {
    this.#corpus = corpus;
    this.#request = request;
  }

  /** The training set. */
  async train({ emit = this.#request.emit, signal }: Occasion = {}): Promise<PreparedCorpus> {
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
  async splits({ emit = this.#request.emit, signal }: Occasion): Promise<RunData> {
    const train = await this.train({ emit, signal });
    const request = { ...this.#request, emit, signal };
    this.#dev ??= { split: await openDevSplit(request, this.#utterances, this.#store!, train) };
    return { train, dev: this.#dev.split };
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }
}
