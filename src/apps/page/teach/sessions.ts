// All that goes on in the room, made once: it lives on while other rooms are shown.

import { renameModel } from "../models.ts";
import { importFolder } from "./folder-import.ts";
import { LessonSession } from "./lesson-session.ts";
import { forgetImported } from "./lesson-store.ts";
import { nextWord } from "./lesson.ts";
import { RecordingSession } from "./recording-session.ts";
import { TrainingSession } from "./training-session.ts";
import { TrialSession } from "./trial-session.ts";

export class TeachSessions {
  readonly lesson = new LessonSession();
  readonly training = new TrainingSession();
  readonly trial = new TrialSession();
  readonly recording = new RecordingSession(
    () => nextWord(this.lesson.lesson),
    (take) => this.lesson.keep(take),
  );

  async open(): Promise<void> {
    await this.lesson.open();
    if (this.lesson.lesson.training !== "none") await this.training.recall();
  }

  /** All that is of this lesson ends and is removed. */
  async startOver(): Promise<void> {
    this.recording.stop();
    this.trial.forget();
    await this.training.forget();
    await this.lesson.startOver();
  }

  /** Recordings of a folder take the place of one's own, which stay. @throws what `importFolder` throws */
  async takeFolder(files: readonly File[], onProgress: (share: number) => void): Promise<void> {
    const imported = await importFolder(files, onProgress);
    await this.training.forget();
    await this.lesson.change({ imported, training: "none" });
  }

  /** One's own words and recordings again. */
  async leaveFolder(): Promise<void> {
    await this.training.forget();
    await this.lesson.change({ imported: undefined, training: "none" });
    await forgetImported();
  }

  /** The model, and with it what is kept of it, gets another name. */
  async rename(name: string): Promise<void> {
    const { kept } = this.lesson.lesson;
    await this.lesson.change({ name });
    if (kept === undefined || name === "") return;
    await this.lesson.change({ kept: (await renameModel({ name: kept, origin: "own" }, name)).name });
  }

  /** A new training, or the one that was interrupted. @param name for the model that comes of it */
  async train(name: string, goesOn: boolean): Promise<void> {
    const { lesson } = this.lesson;
    if (!goesOn) await this.lesson.change({ training: "begun", name, kept: undefined });
    const isDone = goesOn ? await this.training.goOn(lesson) : await this.training.begin(lesson);
    if (!isDone) return;
    const kept = await this.training.keep(this.lesson.lesson.name || name);
    await this.lesson.change({ training: "done", kept: kept?.name });
  }
}

/** What each step is given. */
export interface StepProps {
  readonly sessions: TeachSessions;
  readonly lesson: LessonSession["lesson"];
}
