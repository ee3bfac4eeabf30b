// How it works: one recording walked through the network, all stages at the same moment, and CTC's loss by hand.

import { useEffect, useMemo, useState } from "preact/hooks";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { EmptyState, Notice } from "../layout/notices.tsx";
import { RoomTitle } from "../layout/panels.tsx";
import { CtcByHandPanel } from "./by-hand/panel.tsx";
import { ChoosePanel, useChoices } from "./choose-panel.tsx";
import { usePalette } from "./figures/use-palette.ts";
import "./how-it-works.css";
import { LibraryContext, useLibrary, useLoadedLibrary } from "./library.ts";
import { PlayheadBar } from "./playhead-bar.tsx";
import { MOST_SECONDS } from "./sources.ts";
import { Stages } from "./stages.tsx";
import { ROOM_TEXTS } from "./texts.ts";
import { timeAxis } from "./time-axis.ts";
import { useWalk, type DoneWalk } from "./use-walk.ts";

export default function HowItWorksRoom() {
  const t = useTexts(ROOM_TEXTS);
  const { library, failure } = useLoadedLibrary();
  return (
    <div class="stack how-it-works">
      <RoomTitle title={t("title")}>{t("lead")}</RoomTitle>
      <FailureNotice error={failure} />
      {library && (
        <LibraryContext.Provider value={library}>
          <Walked />
          <CtcByHandPanel />
        </LibraryContext.Provider>
      )}
    </div>
  );
}

function Walked() {
  const t = useTexts(ROOM_TEXTS);
  const choices = useChoices();
  const { done, failure, isWorking } = useWalk(choices.model.bytes, choices.sound.bytes);
  return (
    <>
      <ChoosePanel choices={choices} network={done?.network} />
      <FailureNotice error={failure} />
      {done?.recording.isCut && <Notice kind="note">{t("cut", { seconds: MOST_SECONDS })}</Notice>}
      {!done && isWorking && <EmptyState title={t("working")} />}
      {done && done.walk.steps === 0 && <Notice kind="warning">{t("silent")}</Notice>}
      {done && done.walk.steps > 0 && <WalkedRecording done={done} isWorking={isWorking} />}
    </>
  );
}

interface WalkedRecordingProps {
  readonly done: DoneWalk;
  readonly isWorking: boolean;
}

function WalkedRecording({ done: { network, walk }, isWorking }: WalkedRecordingProps) {
  const palette = usePalette();
  const { secondsOf } = useLibrary();
  const axis = useMemo(
    () =>
      timeAxis({
        seconds: secondsOf(walk),
        windowMs: network.windowMs,
        hopMs: network.hopMs,
        frames: walk.frames.frames,
        stride: network.stride,
        steps: walk.steps,
      }),
    [walk, network],
  );
  const [seconds, setSeconds] = useState(0);
  useEffect(() => setSeconds(axis.secondsOf(lateLetter(walk.starts))), [axis, walk]);
  const step = axis.stepAt(seconds);
  const view = useMemo(
    () => ({ network, walk, axis, palette, step, seek: setSeconds }),
    [network, walk, axis, palette, step],
  );
  return (
    <div
      class="stack walk"
      aria-busy={isWorking}
      style={{ "--playhead": `${((100 * seconds) / Math.max(axis.seconds, 1e-6)).toFixed(3)}%` }}
    >
      <PlayheadBar view={view} seconds={seconds} />
      <Stages view={view} />
    </div>
  );
}

/** Where there is something to be seen. */
const lateLetter = (starts: Int32Array): number => starts[Math.floor((2 * starts.length) / 3)] ?? 0;
