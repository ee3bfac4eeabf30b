// The weights of a learner, and the recognizer that runs them, which is opened when it is first asked for and closed when
// a fit brings other weights.

import { needsStatistics } from "../audio/index.ts";
import type { Utterance } from "../data/index.ts";
import { engineForLoops } from "../engine/index.ts";
import { evaluate, type EvaluateOptions, type Evaluation } from "../evaluation/index.ts";
import type { ModelFile } from "../model/index.ts";
import { Recognizer } from "../recognizer/index.ts";
import type { TrainingSettings } from "../training/index.ts";
import type { DataSession } from "./data-session.ts";

export class ModelSession {
  readonly #data: DataSession;
  readonly #settings: Pick<TrainingSettings, "engine" | "threads">;
  #model: ModelFile;
  #isTrained: boolean;
  #recognizer: Recognizer | undefined;

  /** @param isTrained whether the weights are other than those that the seed gives */
  constructor(
    { model, isTrained }: { readonly model: ModelFile; readonly isTrained: boolean },
    data: DataSession,
    settings: TrainingSettings,
  ) {
    this.#model = model;
    this.#isTrained = isTrained;
    this.#data = data;
    this.#settings = settings;
  }

  get model(): ModelFile {
    return this.#model;
  }

  /** What a fit goes on from; the weights of the seed it makes itself. */
  get trained(): ModelFile | undefined {
    return this.#isTrained ? this.#model : undefined;
  }

  /** The model, ready to run: some normalizations need the training set measured before. */
  async complete(): Promise<ModelFile> {
    if (!this.#model.statistics && needsStatistics(this.#model.features)) {
      const { statistics } = await this.#data.train();
      this.#model = { ...this.#model, statistics };
    }
    return this.#model;
  }

  async recognizer(): Promise<Recognizer> {
    const { engine, threads } = this.#settings;
    const options = { engine: engineForLoops(engine), threads };
    return (this.#recognizer ??= await Recognizer.load(await this.complete(), options));
  }

  /** Error rates as `earshot test` gives them; recordings whose features are kept ready are not read again. */
  async evaluate(utterances: readonly Utterance[], options: EvaluateOptions): Promise<Evaluation> {
    const recognizer = await this.recognizer();
    const kept = this.#data.kept(utterances, this.#model, options.signal);
    const evaluation = await evaluate(recognizer, utterances, {
      ...options,
      ...(kept && { sourceOf: kept.source }),
    });
    return { ...evaluation, seconds: kept?.seconds ?? evaluation.seconds };
  }

  /** The weights that a fit brought; what the model has for decoding stays, as long as its alphabet does. */
  async replace(model: ModelFile): Promise<void> {
    await this.close();
    const { alphabet, decoder, languageModel } = this.#model;
    const isSame = JSON.stringify(alphabet) === JSON.stringify(model.alphabet);
    const decoding = { ...(decoder && { decoder }), ...(languageModel && { languageModel }) };
    this.#model = isSame ? { ...decoding, ...model } : model;
    this.#isTrained = true;
  }

  async close(): Promise<void> {
    await this.#recognizer?.close();
    this.#recognizer = undefined;
  }
}
