// Words that the model which training begins from cannot spell: said while they are typed, with what can be done.

import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../languages.tsx";
import { Notice } from "../layout/notices.tsx";
import { modelKey, symbolsOf } from "../models.ts";
import { modelOf, strangeSymbols, type LessonBase } from "./lesson.ts";
import type { StepProps } from "./sessions.ts";
import { TEACH_TEXTS } from "./texts.ts";

/** Symbols of the words that the base does not have, each once; none while it is not known what it has. */
export function useStrangeSymbols(words: readonly string[], base: LessonBase): readonly string[] {
  const [symbols, setSymbols] = useState<readonly string[]>();
  const model = modelOf(base);
  useEffect(() => {
    let isCurrent = true;
    setSymbols(undefined);
    if (model)
      symbolsOf(model).then(
        (found) => isCurrent && setSymbols(found),
        () => undefined, // training tells it
      );
    return () => void (isCurrent = false);
  }, [model && modelKey(model)]);
  return symbols ? strangeSymbols(words, symbols) : [];
}

/** @param words that are to be taught */
export function SpellingNotice({
  sessions,
  lesson,
  words,
}: StepProps & { readonly words: readonly string[] }) {
  const t = useTexts(TEACH_TEXTS);
  const strange = useStrangeSymbols(words, lesson.base);
  if (strange.length === 0) return null;
  const unspellable = words.filter((word) => [...word].some((symbol) => strange.includes(symbol)));
  return (
    <Notice kind="warning" title={t("strangeTitle")}>
      <p>{t("strange", { symbols: strange.join(" "), words: unspellable.slice(0, 5).join(", ") })}</p>
      <div class="row">
        <button type="button" onClick={() => void sessions.lesson.change({ base: { kind: "nothing" } })}>
          {t("strangeNothing")}
        </button>
      </div>
    </Notice>
  );
}
