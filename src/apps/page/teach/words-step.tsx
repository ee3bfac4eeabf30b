// The first step: which words, how often each, or a folder of recordings in their place.

import { useEffect, useState } from "preact/hooks";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { DropArea, FileButton } from "../layout/file-drop.tsx";
import { Field, Panel } from "../layout/panels.tsx";
import { useStore } from "../store.ts";
import { droppedFiles } from "./dropped-files.ts";
import { FEWEST_WORDS, MOST_WORDS, lessonWords, textsOf } from "./lesson.ts";
import { importedValues } from "./record-step.tsx";
import type { StepProps } from "./sessions.ts";
import { SpellingNotice } from "./spelling.tsx";
import { TEACH_TEXTS } from "./texts.ts";

export function WordsStep({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  return (
    <div class="columns">
      <Panel title={t("stepWords")}>
        {lesson.imported ? (
          <ImportedFolder sessions={sessions} lesson={lesson} />
        ) : (
          <OwnWords sessions={sessions} lesson={lesson} />
        )}
      </Panel>
      <div class="stack">
        {!lesson.imported && <FolderPanel sessions={sessions} lesson={lesson} />}
        <StartOver sessions={sessions} lesson={lesson} />
      </div>
    </div>
  );
}

function OwnWords({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const [text, setText] = useState(lesson.words.join("\n"));
  useEffect(() => {
    if (lesson.words.length === 0) setText((typed) => (lessonWords(typed).length === 0 ? typed : ""));
  }, [lesson.words]);
  const words = lessonWords(text);
  const count = words.length;
  const hint = t("wordsHint", { count, fewest: FEWEST_WORDS, most: MOST_WORDS });
  const problem = count > MOST_WORDS ? t("tooMany", { most: MOST_WORDS }) : undefined;
  return (
    <>
      <Field label={t("wordsLabel")} hint={hint} error={problem}>
        {(attributes) => (
          <textarea
            {...attributes}
            class="word-list"
            rows={10}
            spellcheck={false}
            placeholder={t("wordsExample")}
            value={text}
            onInput={({ currentTarget }) => {
              setText(currentTarget.value);
              void sessions.lesson.change({ words: lessonWords(currentTarget.value).slice(0, MOST_WORDS) });
            }}
          />
        )}
      </Field>
      <SpellingNotice sessions={sessions} lesson={lesson} words={words} />
      <Field label={t("times")} hint={t("timesHint")}>
        {(attributes) => (
          <input
            {...attributes}
            class="short"
            type="number"
            min={2}
            max={20}
            value={lesson.times}
            onChange={({ currentTarget }) => {
              const times = Math.min(20, Math.max(2, Math.round(Number(currentTarget.value)) || 2));
              void sessions.lesson.change({ times });
            }}
          />
        )}
      </Field>
      {count >= FEWEST_WORDS && (
        <div class="row">
          <a class="button primary large" href="#teach/record">
            {t("next")}
          </a>
        </div>
      )}
    </>
  );
}

function FolderPanel({ sessions }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const isTraining = useStore(sessions.training).phase !== "idle";
  const [share, setShare] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const take = async (files: readonly File[]): Promise<void> => {
    setFailure(undefined);
    setShare(0);
    try {
      await sessions.takeFolder(files, setShare);
    } catch (error) {
      setFailure(error);
    } finally {
      setShare(undefined);
    }
  };
  const drop = async (event: DragEvent): Promise<void> => {
    const { dropped, hasFiles } = await droppedFiles(event);
    if (hasFiles && !isTraining) await take(dropped);
  };
  return (
    <DropArea onDrop={(event) => void drop(event).catch(setFailure)}>
      <Panel title={t("orFolder")}>
        <p class="hint">{t("folderHint")}</p>
        <div class="row">
          <FileButton
            folder
            text={t("chooseFolder")}
            disabled={share !== undefined || isTraining}
            onFiles={(files) => void take(files)}
          />
          {isTraining && <p class="hint">{t("folderWaits")}</p>}
          {share !== undefined && <p role="status">{t("importing", { percent: Math.round(100 * share) })}</p>}
        </div>
        <FailureNotice error={failure} />
      </Panel>
    </DropArea>
  );
}

function ImportedFolder({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const { phase } = useStore(sessions.training);
  const [failure, setFailure] = useState<unknown>();
  return (
    <>
      <p>{t("imported", importedValues(lesson.imported!))}</p>
      <SpellingNotice sessions={sessions} lesson={lesson} words={textsOf(lesson)} />
      <FailureNotice error={failure} />
      <div class="row">
        <a class="button primary large" href="#teach/train">
          {t("next")}
        </a>
        <button
          type="button"
          class="quiet"
          disabled={phase !== "idle"}
          onClick={() => void sessions.leaveFolder().catch(setFailure)}
        >
          {t("forgetFolder")}
        </button>
      </div>
    </>
  );
}

function StartOver({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const [isAsking, setIsAsking] = useState(false);
  if (lesson.words.length === 0 && lesson.recordings.length === 0 && !lesson.imported) return null;
  if (!isAsking)
    return (
      <div class="row">
        <button type="button" class="quiet" onClick={() => setIsAsking(true)}>
          {t("startOver")}
        </button>
      </div>
    );
  return (
    <Panel title={t("startOver")}>
      <p>{t("startOverAsk")}</p>
      <div class="row">
        <button
          type="button"
          class="danger"
          onClick={() => {
            setIsAsking(false);
            void sessions.startOver();
          }}
        >
          {t("remove")}
        </button>
        <button type="button" onClick={() => setIsAsking(false)}>
          {t("cancel")}
        </button>
      </div>
    </Panel>
  );
}
