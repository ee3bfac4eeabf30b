// The training of a lesson in this tab: begun, stopped, gone on with tomorrow. The library's run keeps itself in the page's storage; here is
// what the page shows of it, and after each epoch what the model of the moment hears in one recording.

import { loadEarshot, type Transcription } from "../earshot.ts";
import { modelBytes, keepModel, type PageModel } from "../models.ts";
import { letterCurves, type LetterCurve } from "../pictures/letters.ts";
import { Store } from "../store.ts";
import { countLearned, modelOf, type WordLesson } from "./lesson.ts";
import {
  forgetRun,
  LESSON_PATHS,
  readLessonLog,
  readRunModel,
  readWatched,
  writeBase,
  writeManifestOf,
} from "./lesson-store.ts";
import { settingsFor } from "./training-settings.ts";
import {
  afterEvent,
  NO_PROGRESS,
  progressOfLog,
  type ShownEvent,
  type TrainingProgress,
} from "./training-progress.ts";

type Warning = Transcription["warnings"][number];

/** A recording that is held back, and what the model of the last epoch made of it. */
export interface HeardPair {
  readonly said: string;
  readonly heard: string;
}

/** What the model of one epoch says of the recording that is watched. */
export interface Glimpse {
  readonly epoch: number;
  readonly seconds: number;
  readonly curves: readonly LetterCurve[];
}

export interface TrainingState {
  readonly phase: "idle" | "preparing" | "training" | "stopping";
  readonly progress: TrainingProgress;
  readonly pairs: readonly HeardPair[];
  /** The word of the recording that is watched. */
  readonly watched?: string;
  readonly glimpses: readonly Glimpse[];
  readonly warnings: readonly Warning[];
  readonly failure?: unknown;
}

const FIRST: TrainingState = { phase: "idle", progress: NO_PROGRESS, pairs: [], glimpses: [], warnings: [] };

export class TrainingSession extends Store<TrainingState> {
  #stop = new AbortController();
  #isLooking = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor() {
    super(FIRST);
  }

  /** What an earlier visit's run has come to. */
  async recall(): Promise<void> {
    this.set({ progress: progressOfLog(await readLessonLog()) });
  }

  /** A new run. @returns whether it came to its end */
  async begin(lesson: WordLesson): Promise<boolean> {
    return this.#alone(lesson, async (options) => {
      const { base, imported } = lesson;
      const model = modelOf(base);
      if (model) await writeBase(await modelBytes(model));
      await forgetRun();
      if (!imported) await writeManifestOf(lesson);
      const manifest = imported?.manifest ?? LESSON_PATHS.manifest;
      const { train } = await (await loadEarshot()).loadTraining();
      await train({
        manifests: [manifest],
        out: LESSON_PATHS.run,
        settings: settingsFor(base, countLearned(lesson)),
        ...options,
      });
    });
  }

  /** The run that was stopped, or whose tab was closed. */
  async goOn(lesson: WordLesson): Promise<boolean> {
    return this.#alone(lesson, async (options) => {
      await this.recall();
      const { resume } = await (await loadEarshot()).loadTraining();
      await resume({ directory: LESSON_PATHS.run, ...options });
    });
  }

  stop(): void {
    if (this.state.phase === "idle") return;
    this.set({ phase: "stopping" });
    this.#stop.abort(new DOMException("Stopped.", "AbortError"));
  }

  /** Stopped, and nothing shown of it; resolves when nothing is written any more. */
  async forget(): Promise<void> {
    this.stop();
    await this.#work;
    this.set({ ...FIRST, watched: undefined, failure: undefined });
  }

  /** Among the models that the page knows. @returns what it is called there */
  async keep(name: string): Promise<PageModel | undefined> {
    const bytes = await readRunModel();
    return bytes && keepModel(name, bytes);
  }

  async #alone(lesson: WordLesson, work: (options: object) => Promise<void>): Promise<boolean> {
    if (this.state.phase !== "idle") return false;
    this.#stop = new AbortController();
    this.set({ ...FIRST, phase: "preparing", watched: undefined, failure: undefined });
    const hearing = {
      name: "page",
      devEnd: ({ utterances }: { utterances: readonly { reference: string; hypothesis: string }[] }) =>
        this.set({
          pairs: utterances.map(({ reference, hypothesis }) => ({ said: reference, heard: hypothesis })),
        }),
    };
    const onEvent = (event: ShownEvent): void => this.#take(event, lesson);
    const running = work({ signal: this.#stop.signal, onEvent, callbacks: [hearing] });
    this.#work = running.catch(() => undefined); // told below
    try {
      await running;
      return true;
    } catch (failure) {
      if (!this.#stop.signal.aborted) this.set({ failure });
      return false;
    } finally {
      this.set({ phase: "idle" });
    }
  }

  #take(event: ShownEvent & Partial<Warning>, lesson: WordLesson): void {
    const { phase, warnings } = this.state;
    const { code, message } = event;
    if (event.type === "warning" && code !== undefined && message !== undefined)
      this.set({ warnings: [...warnings, { code, message }] });
    if (event.type === "start") this.set({ progress: afterEvent(this.state.progress, event) });
    if (event.type === "batch" || event.type === "epoch")
      this.set({
        progress: afterEvent(this.state.progress, event),
        ...(phase === "preparing" && { phase: "training" }),
      });
    if (event.type === "epoch") void this.#look(lesson, event.epoch ?? 0);
  }

  /** One look at a time: where the machine is slow, some epochs are not looked at. */
  async #look(lesson: WordLesson, epoch: number): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const watched = await readWatched(lesson);
      const model = await readRunModel();
      if (!watched || !model) return;
      const glimpse = await glimpseOf(model, watched.wav, epoch);
      if (this.state.phase !== "idle")
        this.set({ watched: watched.word, glimpses: [...this.state.glimpses, glimpse] });
    } catch {
      // a look that failed leaves the training alone; the next epoch is looked at anew
    } finally {
      this.#isLooking = false;
    }
  }
}

async function glimpseOf(model: Uint8Array, wav: Uint8Array, epoch: number): Promise<Glimpse> {
  const { Recognizer } = await loadEarshot();
  const recognizer = await Recognizer.load(model, { decoding: "greedy", rejection: false });
  try {
    for await (const outcome of recognizer.logProbabilitiesAll([wav])) {
      if ("error" in outcome) throw outcome.error;
      const { symbols, size, blank } = recognizer.model.alphabet;
      const { recording } = outcome;
      return { epoch, seconds: recording.seconds, curves: letterCurves({ recording, symbols, size, blank }) };
    }
    throw new RangeError("A recording without an outcome.");
  } finally {
    await recognizer.close();
  }
}
