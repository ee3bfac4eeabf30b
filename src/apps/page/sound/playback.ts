// Plays a recording, and says at every frame of the screen where it is.

import { useEffect, useRef, useState } from "preact/hooks";

export interface Playback {
  readonly isPlaying: boolean;
  /** Where it is, in ms; undefined while it has not begun. */
  readonly timeMs: number | undefined;
  /** From a time on, or from where it stopped. */
  play(fromMs?: number): void;
  pause(): void;
}

/** @param wav the recording as a file @param startsAtOnce whether each new one plays as soon as it is there */
export function usePlayback(wav: Uint8Array | undefined, startsAtOnce = false): Playback {
  const audio = useRef<HTMLAudioElement>();
  const [isPlaying, setIsPlaying] = useState(false);
  const [timeMs, setTimeMs] = useState<number>();
  const start = (element: HTMLAudioElement): void => {
    setIsPlaying(true);
    element.play().catch(() => setIsPlaying(false)); // closed meanwhile
  };
  useEffect(() => {
    setTimeMs(undefined);
    setIsPlaying(false);
    if (wav === undefined) return undefined;
    const url = URL.createObjectURL(new Blob([wav as BlobPart], { type: "audio/wav" }));
    const element = new Audio(url);
    element.addEventListener("ended", () => setIsPlaying(false));
    audio.current = element;
    if (startsAtOnce) start(element);
    return () => {
      element.pause();
      URL.revokeObjectURL(url);
    };
  }, [wav, startsAtOnce]);
  useEffect(() => {
    if (!isPlaying) return undefined;
    let frame = requestAnimationFrame(function follow() {
      setTimeMs(1000 * (audio.current?.currentTime ?? 0));
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  return {
    isPlaying,
    timeMs,
    play(fromMs) {
      if (audio.current === undefined) return;
      if (fromMs !== undefined) audio.current.currentTime = fromMs / 1000;
      start(audio.current);
    },
    pause() {
      audio.current?.pause();
      setIsPlaying(false);
    },
  };
}
