// A learner: a corpus, a network and its weights, and all that one does with them, from the first look at a batch to the
// saved model. A fit is a run like `earshot train`'s; measuring and transcribing go through the recognizer. Here is what
// lies between: which weights, one thing at a time, and what is shown on the way.

import { inSplit, type Utterance } from "../data/index.ts";
import { formatPair, worstOf, type ConditionRates, type Evaluation, type Pair } from "../evaluation/index.ts";
import { percent } from "../figures.ts";
import { saveModelFile, TrainedModel } from "../model/index.ts";
import { checkOutputs, memoryFolder } from "../platform/index.ts";
import { RandomStream } from "../random.ts";
import type { Source, TranscribeOptions, Transcription } from "../recognizer/index.ts";
import { parseOptions } from "../settings.ts";
import {
  frozenWeights,
  settingsCallbacks,
  settingsForCorpus,
  showTraining,
  showTrainingLoop,
  type Callback,
  type LoopTrace,
  withAlphabetOfRun,
  type OnEvent,
  type TrainingEvent,
  type TrainingSettings,
} from "../training/index.ts";
import { freshBeginning, loadedBeginning, type Beginning } from "./beginning.ts";
import * as tables from "./call-options.ts";
import { corpusOf, type Corpus } from "./corpus.ts";
import { DataSession } from "./data-session.ts";
import { learnerBusy, learnerClosed } from "./faults.ts";
import {
  fitOnce,
  oneCycleOf,
  type EpochFigures,
  type FitOptions,
  type FitResult,
  type OneCycleOptions,
} from "./fit.ts";
import { findLearningRate, type SweepOptions } from "./find-learning-rate.ts";
import type { LearningRates } from "./learning-rate.ts";
import { ModelSession } from "./model-session.ts";
import {
  createSettings,
  loadSettings,
  type LearnerOptions,
  type SplitOptions,
  type LoadOptions,
} from "./options.ts";
import { NO_SCREEN, openScreen, type Screen } from "./screen.ts";
import { formatBatch, loadFirstBatch, type ShowBatchOptions, type ShownUtterance } from "./show-batch.ts";
import { stressOnScreen, type StressChoice } from "./stress.ts";
import { formatSummary, summarize, type SummaryStep } from "./summary.ts";

export class Learner {
  readonly corpus: Corpus;
  readonly settings: TrainingSettings;
  /** Figures of every epoch of all fits so far. */
  readonly history: EpochFigures[] = [];
  readonly #screen: Screen;
  readonly #emit: OnEvent;
  readonly #loop: LoopTrace;
  #frozen: readonly string[];
  readonly #data: DataSession;
  readonly #weights: ModelSession;
  #state: "idle" | "busy" | "closed" = "idle";

  private constructor(options: LoadOptions, settings: TrainingSettings, data: Corpus, beginning: Beginning) {
    this.#loop = beginning.loop;
    this.corpus = data;
    this.settings = settings;
    this.#screen = options.quiet ? NO_SCREEN : openScreen();
    this.#emit = options.onEvent ?? showTraining(this.#screen);
    this.#frozen = settings.freeze;
    const { transforms } = options;
    this.#data = new DataSession(data, { settings, transforms, emit: this.#emit });
    this.#weights = new ModelSession(beginning, this.#data, settings);
    inSplit(data.utterances, settings.trainSplit, data.manifests.join(", ")); // fails now, not at the first fit
  }

  /** A learner with fresh weights, or those of the model that its settings name. @throws EarshotError of the manifests, of the settings, UNKNOWN_SPLIT */
  static async create(options: LearnerOptions): Promise<Learner> {
    const given = await createSettings(options);
    const data = await corpusOf(options.data);
    const events: TrainingEvent[] = [];
    const decided = settingsForCorpus(given, data.utterances);
    const settings = withAlphabetOfRun(decided, data.utterances, (event) => events.push(event));
    const learner = new Learner(options, settings, data, await freshBeginning(settings));
    for (const event of events) learner.#emit(event);
    return learner;
  }

  /** A learner that goes on from a model's weights, with its alphabet, features and network. @throws as `loadModelFile` */
  static async load(path: string, options: LoadOptions): Promise<Learner> {
    const beginning = await loadedBeginning(path);
    const given = loadSettings(beginning.model, options);
    const data = await corpusOf(options.data);
    const decided = settingsForCorpus(given, data.utterances);
    return new Learner(options, withAlphabetOfRun(decided, data.utterances), data, beginning);
  }

  /** The first batch as training is given it. */
  showBatch(options: ShowBatchOptions = {}): Promise<readonly ShownUtterance[]> {
    return this.#alone(async () => {
      parseOptions(tables.showBatchOptions, options, "learner.showBatch");
      const train = await this.#data.train(options);
      const batch = await loadFirstBatch(train, this.settings.seed, options);
      this.#screen.write(formatBatch(batch));
      return batch;
    });
  }

  /** The first recording walked through everything that becomes of it, with shapes and milliseconds. */
  summary({ signal }: { readonly signal?: AbortSignal } = {}): Promise<readonly SummaryStep[]> {
    return this.#alone(async () => {
      const train = await this.#data.train({ signal });
      const { engine, threads, seed } = this.settings;
      const augmented = async () => (await train.augment({ seed, epoch: 1, utterance: 0 }, signal)).frames;
      const model = await TrainedModel.open(await this.#weights.complete(), { engine, threads });
      try {
        const steps = await summarize({ utterance: train.utterances[0], model, augmented });
        this.#screen.write(formatSummary(steps));
        return steps;
      } finally {
        await model.close();
      }
    });
  }

  /** Raises the rate step by step on a copy of the weights, and finds where the loss falls and where it explodes. */
  findLearningRate(options: Partial<SweepOptions> = {}): Promise<LearningRates> {
    return this.#alone(() => findLearningRate(this.#request(), options, this.#screen));
  }

  /** Trains on. The learner takes the weights of the best epoch. @throws as `train` does, or the signal's reason */
  fit(epochs: number, options: FitOptions = {}): Promise<FitResult> {
    return this.#alone(async () => {
      parseOptions(tables.fitOptions, options, "learner.fit");
      return this.#fit(epochs, options);
    });
  }

  /** Trains on with one rise of the learning rate to its peak and one fall (Smith 2018). */
  fitOneCycle(epochs: number, options: OneCycleOptions = {}): Promise<FitResult> {
    return this.#alone(async () => {
      const { peak, ...others } = options;
      parseOptions(tables.oneCycleOptions, options, "learner.fitOneCycle");
      return this.#fit(epochs, { ...others, schedule: oneCycleOf(this.settings, peak) });
    });
  }

  /** Keeps layers as they are in the fits that follow, by their names such as "h1"; by default all but the last. @throws UNKNOWN_LAYER */
  freeze(...layers: readonly string[]): void {
    this.#checkOpen();
    const { weights, architecture } = this.#weights.model;
    const all = [...new Set([...weights.keys()].map((name) => name.replace(/\..*/, "")))];
    const frozen = layers.length > 0 ? layers : all.slice(0, -1);
    frozenWeights(architecture, frozen); // a mistyped name fails now, not at the next fit
    this.#frozen = frozen;
  }

  unfreeze(): void {
    this.#checkOpen();
    this.#frozen = [];
  }

  /** Error rates of a split, as `earshot test` gives them. */
  validate(
    split = this.settings.devSplit,
    { signal }: Pick<SplitOptions, "signal"> = {},
  ): Promise<Omit<Evaluation, "pairs">> {
    return this.#alone(async () => {
      const { pairs: _, ...rates } = await this.#evaluate(this.#utterances(split), signal);
      this.#screen.note(`${split}: WER ${percent(rates.wer)}  CER ${percent(rates.cer)}`);
      return rates;
    });
  }

  /** Error rates of a split under conditions of use, as `earshot test --stress` gives them: clean first. */
  stress(split = this.settings.devSplit, options: StressChoice = {}): Promise<readonly ConditionRates[]> {
    return this.#alone(async () => {
      parseOptions(tables.stressOptions, options, "learner.stress");
      const utterances = this.#utterances(split);
      return stressOnScreen(await this.#weights.recognizer(), utterances, options, this.#screen);
    });
  }

  /** Some utterances, the hypothesis under the reference. */
  showResults(count = 5, options: SplitOptions = {}): Promise<readonly Pair[]> {
    return this.#alone(async () => {
      parseOptions(tables.splitOptions, { ...options, count }, "learner.showResults");
      const { split = this.settings.devSplit, signal } = options;
      const shuffled = new RandomStream(this.settings.seed, "results").shuffle(this.#utterances(split));
      return this.#show((await this.#evaluate(shuffled.slice(0, count), signal)).pairs);
    });
  }

  /** The utterances with the highest loss, the highest first: what is wrong with them, or with the network? */
  worst(count = 10, options: SplitOptions = {}): Promise<readonly Pair[]> {
    return this.#alone(async () => {
      parseOptions(tables.splitOptions, { ...options, count }, "learner.worst");
      const { split = this.settings.devSplit, signal } = options;
      const { pairs } = await this.#evaluate(this.#utterances(split), signal);
      return this.#show(worstOf(pairs, count));
    });
  }

  /** @throws what `Recognizer.transcribe` throws */
  transcribe(source: Source, options?: TranscribeOptions): Promise<Transcription> {
    return this.#alone(async () => (await this.#weights.recognizer()).transcribe(source, options));
  }

  /**
   * Writes the model that `Recognizer.load`, `Learner.load` and the command line read, whole or not at all: weights, alphabet,
   * features, and what the model that the learner was loaded from has for decoding.
   * @throws EarshotError INVALID_SETTING, OUTPUT_IS_INPUT, FILE_SYSTEM
   */
  save(path: string): Promise<void> {
    return this.#alone(async () => {
      parseOptions(tables.saveOptions, { path }, "learner.save");
      await checkOutputs([path], { inputs: this.corpus.manifests });
      await saveModelFile(path, await this.#weights.complete());
    });
  }

  /** The loop of a fit, with the callbacks that run at each of its events. */
  showTrainingLoop(callbacks: readonly Callback[] = []): string {
    this.#checkOpen();
    tables.checkCallbacks(callbacks, "learner.showTrainingLoop");
    const text = showTrainingLoop(this.#loop, [
      ...settingsCallbacks(this.settings, memoryFolder()),
      ...callbacks,
    ]);
    this.#screen.write(text);
    return text;
  }

  /** Frees memory and threads, so that the process can end. @throws LEARNER_BUSY */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    await this.#alone(async () => {
      await this.#weights.close();
      await this.#data.close();
    });
    this.#state = "closed";
  }

  async #fit(epochs: number, { learningRate, ...options }: FitOptions): Promise<FitResult> {
    tables.checkCallbacks(options.callbacks ?? [], "learner.fit");
    const constant = { name: "annealed" as const, initial: learningRate, divisor: 1 };
    const schedule = learningRate === undefined ? options.schedule : constant;
    const request = { ...this.#request(), ...options, schedule };
    const { model, ...result } = await fitOnce({ ...request, settings: { ...request.settings, epochs } });
    await this.#weights.replace(model);
    this.history.push(...result.epochs);
    return result;
  }

  #checkOpen(): void {
    if (this.#state === "closed") throw learnerClosed();
  }

  /** Does one thing at a time, and leaves no moving line behind. */
  async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#state !== "idle") throw this.#state === "busy" ? learnerBusy() : learnerClosed();
    this.#state = "busy";
    try {
      return await work();
    } finally {
      this.#screen.clear();
      this.#state = "idle";
    }
  }

  #request() {
    return {
      corpus: this.corpus,
      data: this.#data,
      settings: { ...this.settings, freeze: [...this.#frozen] },
      initialModel: this.#weights.trained,
      onEvent: this.#emit,
    };
  }

  #utterances(split: string): Utterance[] {
    return inSplit(this.corpus.utterances, split, this.corpus.manifests.join(", "));
  }

  #evaluate(utterances: readonly Utterance[], signal?: AbortSignal): Promise<Evaluation> {
    const onProgress = ({ done, total }: { done: number; total: number }) =>
      this.#screen.progress(`evaluating ${done}/${total}`);
    return this.#weights.evaluate(utterances, { signal, onProgress });
  }

  #show(pairs: readonly Pair[]): readonly Pair[] {
    this.#screen.write(pairs.map(formatPair).join("\n"));
    return pairs;
  }
}
