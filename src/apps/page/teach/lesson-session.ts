// The lesson that is open, kept in the page's storage at each change, one change after the other.

import { Store } from "../store.ts";
import { shippedModelName } from "../served.ts";
import { emptyLesson, type WordLesson, type LessonRecording } from "./lesson.ts";
import {
  forgetLesson,
  forgetRecording,
  holdLesson,
  keepRecording,
  readLesson,
  writeLesson,
} from "./lesson-store.ts";
import type { RecordedTake } from "./recording-session.ts";

export interface LessonState {
  /** Undefined while it is read. */
  readonly lesson?: WordLesson;
  /** Another tab has it. */
  readonly isElsewhere?: boolean;
  readonly failure?: unknown;
}

export class LessonSession extends Store<LessonState> {
  #written: Promise<void> = Promise.resolve();

  constructor() {
    super({});
  }

  get lesson(): WordLesson {
    return this.state.lesson ?? this.#empty();
  }

  #empty(): WordLesson {
    return emptyLesson({ kind: "shipped", name: shippedModelName() });
  }

  async open(): Promise<void> {
    await holdLesson(() => this.set({ isElsewhere: true }));
    this.set({ isElsewhere: false });
    try {
      const { base } = this.#empty();
      this.set({ lesson: await readLesson(base) });
    } catch (failure) {
      this.set({ lesson: this.state.lesson ?? this.#empty(), failure });
    }
  }

  /** Resolves when it is kept. */
  change(change: Partial<WordLesson>): Promise<void> {
    const lesson = { ...this.lesson, ...change };
    this.set({ lesson, failure: undefined });
    this.#written = this.#written
      .then(() => writeLesson(lesson))
      .catch((failure: unknown) => this.set({ failure }));
    return this.#written;
  }

  async keep({ wav, ...take }: RecordedTake): Promise<void> {
    // where it is refused, the browser keeps it as long as it has room
    if (this.lesson.recordings.length === 0) void navigator.storage?.persist?.();
    const recording = await keepRecording(take, wav);
    await this.change({ recordings: [...this.lesson.recordings, recording] });
  }

  /** The lesson first: a file that nothing names does no harm. */
  async forget(recording: LessonRecording): Promise<void> {
    await this.change({ recordings: this.lesson.recordings.filter(({ file }) => file !== recording.file) });
    await forgetRecording(recording);
  }

  async startOver(): Promise<void> {
    await this.#written;
    await forgetLesson();
    this.set({ lesson: this.#empty(), failure: undefined });
  }
}
