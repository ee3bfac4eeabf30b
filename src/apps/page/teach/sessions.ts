// All that goes on in the room, made once: it lives on while other rooms are shown.

import { LessonSession } from "./lesson-session.ts";
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

  /** A new training, or the one that was interrupted. @param name for the model that comes of it */
  async train(name: string, goesOn: boolean): Promise<void> {
    const { lesson } = this.lesson;
    if (!goesOn) await this.lesson.change({ training: "begun", name });
    const isDone = goesOn ? await this.training.goOn(lesson) : await this.training.begin(lesson);
    if (!isDone) return;
    await this.lesson.change({ training: "done" });
    await this.training.keep(this.lesson.lesson.name || name);
  }
}

/** What each step is given. */
export interface StepProps {
  readonly sessions: TeachSessions;
  readonly lesson: LessonSession["lesson"];
}
