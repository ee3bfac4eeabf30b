// Where a lesson is kept: a folder of the page's own storage, with lesson.json, the recordings, and the training run. Each change is
// written at once, whole or not at all.

import { loadEarshot } from "../earshot.ts";
import {
  emptyLesson,
  manifestOf,
  takesOf,
  type WordLesson,
  type LessonBase,
  type LessonRecording,
} from "./lesson.ts";

const FOLDER = "/earshot-page/lesson";
const FILE = "lesson.json";
const LOCK = "earshot-page lesson";
export const LESSON_PATHS = {
  manifest: `${FOLDER}/manifest.csv`,
  base: `${FOLDER}/base.safetensors`,
  run: `${FOLDER}/run`,
  features: `${FOLDER}/features`,
  imported: `${FOLDER}/imported`,
} as const;

const folder = async () => (await loadEarshot()).openFolder(FOLDER);
const run = async () => (await loadEarshot()).openFolder(LESSON_PATHS.run);

/** A lesson is one tab's: two would undo what the other wrote. Resolves when it is this tab's, which it stays until the page is closed. */
export function holdLesson(onElsewhere: () => void): Promise<void> {
  const { locks } = navigator;
  return new Promise((resolve) => {
    const hold = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    const ask = async (): Promise<void> =>
      locks.request(LOCK, { ifAvailable: true }, (lock) => {
        if (lock) return hold();
        onElsewhere();
        void locks.request(LOCK, hold);
        return undefined;
      });
    ask().catch(() => resolve()); // a page without locks has no storage either
  });
}

export async function readLesson(base: LessonBase): Promise<WordLesson> {
  const bytes = await (await folder()).read(FILE);
  if (bytes === undefined) return emptyLesson(base);
  return { ...emptyLesson(base), ...(JSON.parse(new TextDecoder().decode(bytes)) as WordLesson) };
}

export async function writeLesson(lesson: WordLesson): Promise<void> {
  await (await folder()).replace(FILE, new TextEncoder().encode(JSON.stringify(lesson)));
}

/** @param wav at 16 kHz */
export async function keepRecording(
  recording: Omit<LessonRecording, "file">,
  wav: Uint8Array,
): Promise<LessonRecording> {
  const file = `recordings/${crypto.randomUUID()}.wav`;
  await (await folder()).replace(file, wav);
  return { ...recording, file };
}

export async function readLessonRecording({
  file,
}: Pick<LessonRecording, "file">): Promise<Uint8Array | undefined> {
  return (await folder()).read(file);
}

/** The recording that is looked at while training goes on: of the first word the last, which is held back if any is. */
export async function readWatched(
  lesson: WordLesson,
): Promise<{ readonly word: string; readonly wav: Uint8Array } | undefined> {
  const { imported, words } = lesson;
  const last = words.length > 0 ? takesOf(lesson, words[0]).at(-1) : undefined;
  const file = imported ? imported.watched.path.replace(`${FOLDER}/`, "") : last?.file;
  const wav = file === undefined ? undefined : await readLessonRecording({ file });
  return wav && { word: imported?.watched.word ?? words[0], wav };
}

export async function forgetRecording({ file }: LessonRecording): Promise<void> {
  await (await folder()).remove(file);
}

export async function writeManifestOf(lesson: WordLesson): Promise<void> {
  await (await folder()).replace("manifest.csv", new TextEncoder().encode(manifestOf(lesson)));
}

export async function writeBase(bytes: Uint8Array): Promise<void> {
  await (await folder()).replace("base.safetensors", bytes);
}

/** The log of the run so far. */
export async function readLessonLog(): Promise<string> {
  const bytes = await (await run()).read("log.jsonl");
  return bytes ? new TextDecoder().decode(bytes) : "";
}

/** The best model of the run so far. */
export async function readRunModel(): Promise<Uint8Array | undefined> {
  return (await run()).read("model.safetensors");
}

export async function forgetRun(): Promise<void> {
  await (await run()).destroy();
}

export async function forgetImported(): Promise<void> {
  await (await loadEarshot()).openFolder(LESSON_PATHS.imported).destroy();
}

export async function forgetLesson(): Promise<void> {
  await (await folder()).destroy();
}
