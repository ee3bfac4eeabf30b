// The second step: each word, said a few times. What is the matter with a recording is said at once.

import { useState } from "preact/hooks";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { Icon } from "../layout/icons.tsx";
import { EmptyState, Notice } from "../layout/notices.tsx";
import { Panel } from "../layout/panels.tsx";
import { LevelMeter } from "../sound/level-meter.tsx";
import { usePlayback } from "../sound/playback.ts";
import { useStore } from "../store.ts";
import { readLessonRecording } from "./lesson-store.ts";
import { nextWord, takesOf, usedRecordings, type LessonFolder, type LessonRecording } from "./lesson.ts";
import type { RecordedTake } from "./recording-session.ts";
import type { StepProps } from "./sessions.ts";
import { TEACH_TEXTS } from "./texts.ts";

export function RecordStep({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  if (lesson.imported)
    return (
      <Panel>
        <EmptyState
          title={t("fromFolder")}
          actions={
            <a class="button primary" href="#teach/train">
              {t("next")}
            </a>
          }
        >
          {t("imported", importedValues(lesson.imported))}
        </EmptyState>
      </Panel>
    );
  if (lesson.words.length === 0)
    return (
      <Panel>
        <EmptyState
          title={t("noWordsTitle")}
          actions={
            <a class="button primary" href="#teach/words">
              {t("toWords")}
            </a>
          }
        >
          {t("noWordsText")}
        </EmptyState>
      </Panel>
    );
  return (
    <>
      <Panel>
        <Prompt sessions={sessions} lesson={lesson} />
      </Panel>
      <Panel title={t("recordings")}>
        <Takes sessions={sessions} lesson={lesson} />
      </Panel>
    </>
  );
}

export function importedValues({ utterances, folder, texts }: LessonFolder): Record<string, string | number> {
  return { utterances, folder, texts: texts.length };
}

function Prompt({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const { recording } = sessions;
  const { phase, word, take, kept, failure } = useStore(recording);
  if (phase === "asking" && take) return <Question sessions={sessions} lesson={lesson} take={take} />;
  if (phase === "idle") return <Beginning sessions={sessions} lesson={lesson} failure={failure} />;
  const state = phase === "opening" ? "openingMicrophone" : phase;
  return (
    <div class="prompt">
      <p class="muted">{t("say")}</p>
      <p class="prompt-word" aria-live="assertive">
        {word}
      </p>
      <p class={`prompt-state ${phase}`} role="status">
        {t(state as "waiting")}
      </p>
      <LevelMeter level={recording.level} />
      <div class="row center">
        <button type="button" onClick={() => recording.stop()}>
          <Icon name="pause" />
          {t("stopRecording")}
        </button>
      </div>
      <p class="muted small" role="status">
        {kept !== undefined && t("kept", { word: kept })}
      </p>
    </div>
  );
}

function Beginning({ sessions, lesson, failure }: StepProps & { readonly failure?: unknown }) {
  const t = useTexts(TEACH_TEXTS);
  const used = usedRecordings(lesson);
  const seconds = Math.round(used.reduce((sum, { seconds: each }) => sum + each, 0));
  const isDone = nextWord(lesson) === undefined;
  const start = (
    <button type="button" class="primary large" onClick={() => void sessions.recording.start()}>
      <Icon name="microphone" />
      {t(used.length > 0 ? "goOnRecording" : "startRecording")}
    </button>
  );
  const train = (
    <a class="button primary large" href="#teach/train">
      {t("next")}
    </a>
  );
  return (
    <>
      <FailureNotice error={failure} />
      {isDone ? (
        <EmptyState title={t("allRecorded")} actions={train}>
          {t("allRecordedText", { count: used.length, seconds })}
        </EmptyState>
      ) : (
        <EmptyState title={t("recordTitle", { times: lesson.times })} actions={start}>
          {t("recordIntro")}
        </EmptyState>
      )}
    </>
  );
}

function Question({ sessions, take }: StepProps & { readonly take: RecordedTake }) {
  const t = useTexts(TEACH_TEXTS);
  const playback = usePlayback(take.wav);
  return (
    <div class="prompt">
      <p class="prompt-word">{take.word}</p>
      <Notice kind="warning" title={t("askTitle")}>
        {take.problems.map((problem) => (
          <p key={problem}>{t(problem)}</p>
        ))}
      </Notice>
      <div class="row center">
        <button type="button" class="primary" onClick={() => void sessions.recording.answer(false)}>
          <Icon name="again" />
          {t("retry")}
        </button>
        <button
          type="button"
          onClick={() => playback.play(0)}
          aria-label={t("playTake", { n: 1, word: take.word })}
        >
          <Icon name="play" />
        </button>
        <button type="button" class="quiet" onClick={() => void sessions.recording.answer(true)}>
          {t("keepAnyway")}
        </button>
        <button type="button" class="quiet" onClick={() => sessions.recording.stop()}>
          <Icon name="pause" />
          {t("stopRecording")}
        </button>
      </div>
    </div>
  );
}

function Takes({ sessions, lesson }: StepProps) {
  const [wav, setWav] = useState<Uint8Array>();
  const playback = usePlayback(wav, true);
  const play = async (recording: LessonRecording): Promise<void> =>
    setWav(await readLessonRecording(recording));
  return (
    <ul class="takes">
      {lesson.words.map((word) => (
        <TakesOfWord
          key={word}
          sessions={sessions}
          lesson={lesson}
          word={word}
          onPlay={(recording) => {
            playback.pause();
            void play(recording);
          }}
        />
      ))}
    </ul>
  );
}

interface TakesOfWordProps extends StepProps {
  readonly word: string;
  readonly onPlay: (recording: LessonRecording) => void;
}

function TakesOfWord({ sessions, lesson, word, onPlay }: TakesOfWordProps) {
  const t = useTexts(TEACH_TEXTS);
  const { phase } = useStore(sessions.recording);
  const takes = takesOf(lesson, word);
  return (
    <li>
      <span class="takes-word">{word}</span>
      <span class="takes-list">
        {takes.map((recording, i) => (
          <span class={`take ${recording.problems.length > 0 ? "doubtful" : ""}`} key={recording.file}>
            <button
              type="button"
              class="take-play"
              aria-label={t("playTake", { n: i + 1, word })}
              onClick={() => onPlay(recording)}
            >
              {i + 1}
            </button>
            <button
              type="button"
              class="take-remove"
              aria-label={t("removeTake", { n: i + 1, word })}
              onClick={() => void sessions.lesson.forget(recording)}
            >
              <Icon name="cross" />
            </button>
          </span>
        ))}
        {Array.from({ length: Math.max(0, lesson.times - takes.length) }, (_, i) => (
          <span class="take missing" key={i} aria-hidden="true" />
        ))}
      </span>
      <span class="visually-hidden">
        {t("takesOfWord", { word, count: takes.length, times: lesson.times })}
      </span>
      <button
        type="button"
        class="quiet"
        disabled={phase !== "idle"}
        aria-label={t("recordAgain", { word })}
        onClick={() => void sessions.recording.start(word)}
      >
        <Icon name="microphone" />
      </button>
    </li>
  );
}
