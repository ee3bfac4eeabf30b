// The first step: which words, how often each, or a folder of recordings in their place.

import { useEffect, useState } from "preact/hooks";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { DropArea, FileButton } from "../layout/file-drop.tsx";
import { Field, Panel } from "../layout/panels.tsx";
import { droppedFiles } from "./dropped-files.ts";
import { importFolder } from "./folder-import.ts";
import { FEWEST_WORDS, MOST_WORDS, lessonWords } from "./lesson.ts";
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
  const [share, setShare] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const take = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return; // something else was dropped, such as a text
    setFailure(undefined);
    setShare(0);
    try {
      const { texts, ...imported } = await importFolder(files, setShare);
      await sessions.lesson.change({ imported, words: texts.slice(0, MOST_WORDS), training: "none" });
    } catch (error) {
      setFailure(error);
    } finally {
      setShare(undefined);
    }
  };
  return (
    <DropArea onDrop={(event) => void droppedFiles(event).then(take, setFailure)}>
      <Panel title={t("orFolder")}>
        <p class="hint">{t("folderHint")}</p>
        <div class="row">
          <FileButton
            folder
            text={t("chooseFolder")}
            disabled={share !== undefined}
            onFiles={(files) => void take(files)}
          />
          {share !== undefined && <p role="status">{t("importing", { percent: Math.round(100 * share) })}</p>}
        </div>
        <FailureNotice error={failure} />
      </Panel>
    </DropArea>
  );
}

function ImportedFolder({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const { utterances, folder } = lesson.imported!;
  return (
    <>
      <p>{t("imported", { utterances, folder, texts: lesson.words.length })}</p>
      <SpellingNotice sessions={sessions} lesson={lesson} words={lesson.words} />
      <div class="row">
        <a class="button primary large" href="#teach/train">
          {t("next")}
        </a>
        <button
          type="button"
          class="quiet"
          onClick={() => void sessions.lesson.change({ imported: undefined, words: [], training: "none" })}
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
  if (lesson.words.length === 0 && lesson.recordings.length === 0) return null;
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
