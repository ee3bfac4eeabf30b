// Listen: speech, from the microphone or a file, becomes text.

import { useState } from "preact/hooks";
import { FailureNotice, useFailureText } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { DropArea, FileButton, filesDropped } from "../layout/file-drop.tsx";
import { Icon } from "../layout/icons.tsx";
import { EmptyState, Notice } from "../layout/notices.tsx";
import { Panel, RoomTitle } from "../layout/panels.tsx";
import { useLeaveQuestion } from "../leave-question.ts";
import { useNumbers } from "../numbers.ts";
import { servedFacts } from "../served.ts";
import { LevelMeter } from "../sound/level-meter.tsx";
import { usePlayback, type Playback } from "../sound/playback.ts";
import { useStore } from "../store.ts";
import { TakePicture } from "./picture.tsx";
import { Alternatives, Downloads } from "./results.tsx";
import { ListenSession } from "./session.ts";
import { RecognitionSettings } from "./settings.tsx";
import type { Take } from "./take.ts";
import { LISTEN_TEXTS } from "./texts.ts";
import { Words } from "./words.tsx";

export default function ListenRoom() {
  const t = useTexts(LISTEN_TEXTS);
  const [session] = useState(() => new ListenSession(servedFacts()?.models[0]));
  const { phase, live, take, failure } = useStore(session);
  const playback = usePlayback(take?.wav);
  useLeaveQuestion(phase === "recording" || (phase === "working" && live !== undefined));
  return (
    <>
      <RoomTitle title={t("title")}>{t("lead")}</RoomTitle>
      <div class="columns">
        <DropArea
          class="stack"
          onDrop={(event) =>
            filesDropped(event)
              .slice(0, 1)
              .forEach((file) => void session.open(file))
          }
        >
          <Panel class="listen-text">
            <Controls session={session} playback={playback} />
            <FailureNotice error={failure} />
            <Heard session={session} playback={playback} />
          </Panel>
          {take && (
            <Panel title={t(take.rows ? "letters" : "soundOnly")}>
              <TakePicture
                take={take}
                timeMs={playback.timeMs}
                isPlaying={playback.isPlaying}
                onSeek={(ms) => playback.play(ms)}
              />
              <p class="hint">{t(take.rows ? "lettersHint" : "spectrogramHint")}</p>
            </Panel>
          )}
          {take && take.transcription.alternatives.length > 1 && (
            <Panel title={t("alternatives")}>
              <Alternatives take={take} />
            </Panel>
          )}
        </DropArea>
        <RecognitionSettings session={session} />
      </div>
    </>
  );
}

interface SessionProps {
  readonly session: ListenSession;
  readonly playback: Playback;
}

function Controls({ session, playback }: SessionProps) {
  const t = useTexts(LISTEN_TEXTS);
  const { phase, take, progress } = useStore(session);
  if (phase === "recording")
    return (
      <div class="row">
        <button type="button" class="primary large" onClick={() => session.stop()}>
          <Icon name="stop" />
          {t("stop")}
        </button>
        <LevelMeter level={session.level} />
      </div>
    );
  if (phase !== "idle")
    return (
      <div class="row spread">
        <p role="status">
          {phase === "opening" ? t("opening") : t("working", { percent: Math.round(100 * progress) })}
        </p>
        <button type="button" class="quiet" onClick={() => session.stop()}>
          {t("cancel")}
        </button>
      </div>
    );
  return (
    <div class="row">
      <button
        type="button"
        class="primary large"
        onClick={() => {
          playback.pause();
          void session.record();
        }}
      >
        <Icon name="microphone" />
        {t("record")}
      </button>
      <FileButton
        class="large"
        text={t("openFile")}
        accept="audio/*,.flac,.ogg,.opus,.wav,.mp3"
        onFiles={([file]) => void session.open(file)}
      />
      {take && <PlayButton take={take} playback={playback} />}
    </div>
  );
}

function PlayButton({ take, playback }: { readonly take: Take; readonly playback: Playback }) {
  const t = useTexts(LISTEN_TEXTS);
  const { fixed } = useNumbers();
  const { isPlaying } = playback;
  return (
    <>
      <button type="button" class="large" onClick={() => (isPlaying ? playback.pause() : playback.play())}>
        <Icon name={isPlaying ? "pause" : "play"} />
        {t(isPlaying ? "pause" : "play")}
      </button>
      <span class="muted small number">
        {t("seconds", { seconds: fixed(take.transcription.seconds, 1) })}
      </span>
    </>
  );
}

function Heard({ session, playback }: SessionProps) {
  const t = useTexts(LISTEN_TEXTS);
  const failureText = useFailureText();
  const { phase, live, take, isFull } = useStore(session);
  if (take)
    return (
      <>
        {take.isUnrecognized ? (
          <div class="row">
            <p class="muted">{t("unrecognized")}</p>
            <button type="button" disabled={phase !== "idle"} onClick={() => void session.again()}>
              {t("again")}
            </button>
          </div>
        ) : (
          <Words take={take} timeMs={playback.timeMs} onPlay={(ms) => playback.play(ms)} />
        )}
        {isFull && <Notice kind="note">{t("full")}</Notice>}
        {take.transcription.warnings.map((warning) => (
          <Notice key={warning.code} kind="note">
            {failureText(warning)}
          </Notice>
        ))}
        {!take.isUnrecognized && <Downloads take={take} />}
      </>
    );
  if (live)
    return (
      <p class="words live" aria-live="polite">
        {live.finals.map((text, i) => (
          <span key={i}>{text} </span>
        ))}
        {live.partial !== "" && <span class="muted">{live.partial}</span>}
        {live.finals.length === 0 && live.partial === "" && <span class="muted">{t("waiting")}</span>}
      </p>
    );
  return phase === "idle" ? <EmptyState title={t("emptyTitle")}>{t("emptyText")}</EmptyState> : null;
}
