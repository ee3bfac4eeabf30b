// Play, and the playhead as a slider, which stay in sight while one scrolls through the stages; and the text as far as it has come.

import { useEffect, useMemo } from "preact/hooks";
import { useTexts } from "../languages.tsx";
import { Icon } from "../layout/icons.tsx";
import { usePlayback } from "../sound/playback.ts";
import { useNumbers } from "../numbers.ts";
import { useLibrary } from "./library.ts";
import { ROOM_TEXTS } from "./texts.ts";
import type { WalkView } from "./walk-view.ts";

interface PlayheadBarProps {
  readonly view: WalkView;
  readonly seconds: number;
}

export function PlayheadBar({ view, seconds }: PlayheadBarProps) {
  const t = useTexts(ROOM_TEXTS);
  const { fixed } = useNumbers();
  const { walk, axis, step, seek } = view;
  const { encodeWav, SAMPLE_RATE_HZ } = useLibrary();
  const wav = useMemo(() => encodeWav(walk.samples, SAMPLE_RATE_HZ), [walk.samples]);
  const playback = usePlayback(wav);
  useEffect(() => {
    if (playback.timeMs !== undefined) seek(playback.timeMs / 1000);
  }, [playback.timeMs]);
  const toggle = (): void => {
    if (playback.isPlaying) playback.pause();
    else playback.play(1000 * (seconds >= axis.seconds - 0.05 ? 0 : seconds));
  };
  const move = (to: number): void => {
    seek(axis.secondsOf(to));
    if (playback.isPlaying) playback.play(1000 * axis.secondsOf(to));
  };
  const at = t("playheadAt", { seconds: fixed(seconds, 2), step: step + 1, steps: walk.steps });
  return (
    <div class="playhead-bar">
      <button type="button" class="primary" onClick={toggle}>
        <Icon name={playback.isPlaying ? "pause" : "play"} />
        {t(playback.isPlaying ? "pause" : "play")}
      </button>
      <input
        type="range"
        min={0}
        max={walk.steps - 1}
        step={1}
        value={step}
        aria-label={t("playhead")}
        aria-valuetext={at}
        onInput={({ currentTarget }) => move(Number(currentTarget.value))}
      />
      <p class="playhead-at number" aria-hidden="true">
        {at}
      </p>
      <p class="text-so-far">
        <span>{walk.beam[step]?.texts[0]?.text ?? ""}</span>
      </p>
    </div>
  );
}
