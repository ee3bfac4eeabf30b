// The text, word by word: each can be pressed to play from there, and lights up while it is said.

import { useTexts } from "../languages.tsx";
import type { Take } from "./take.ts";
import { LISTEN_TEXTS } from "./texts.ts";

interface WordsProps {
  readonly take: Take;
  readonly timeMs: number | undefined;
  readonly onPlay: (ms: number) => void;
}

/** Below, a word is shown as one that the model is not sure of. */
const SURE = 0.5;

export function Words({ take: { transcription }, timeMs, onPlay }: WordsProps) {
  const t = useTexts(LISTEN_TEXTS);
  const { words, text, rejected } = transcription;
  if (text === "")
    return <p class="muted">{rejected ? t("rejected", { text: rejected.best }) : t("nothing")}</p>;
  return (
    <p class="words">
      {words.map(({ text: word, startMs, endMs, confidence }, i) => {
        const isSaid = timeMs !== undefined && timeMs >= startMs && timeMs < endMs;
        return (
          <>
            <button
              type="button"
              key={i}
              class={`word ${isSaid ? "said" : ""} ${confidence < SURE ? "unsure" : ""}`}
              title={t("playWord", { word })}
              onClick={() => onPlay(startMs)}
            >
              {word}
            </button>{" "}
          </>
        );
      })}
    </p>
  );
}
