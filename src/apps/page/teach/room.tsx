// Teach it your words: a few recordings of each become a model of one's own. Four steps, each with its part of the address; what is done in
// one goes on while another is shown.

import { useEffect, useState } from "preact/hooks";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { EmptyState } from "../layout/notices.tsx";
import { RoomTitle } from "../layout/panels.tsx";
import { useRoute } from "../route.ts";
import { useStore } from "../store.ts";
import { textsOf, usedRecordings, type WordLesson } from "./lesson.ts";
import { TeachSessions } from "./sessions.ts";
import { RecordStep } from "./record-step.tsx";
import { TEACH_TEXTS } from "./texts.ts";
import { TrainingStep } from "./train-step.tsx";
import { TryStep } from "./try-step.tsx";
import { WordsStep } from "./words-step.tsx";

const STEPS = [
  { id: "words", title: "stepWords", Step: WordsStep },
  { id: "record", title: "stepRecord", Step: RecordStep },
  { id: "train", title: "stepTrain", Step: TrainingStep },
  { id: "try", title: "stepTry", Step: TryStep },
] as const;

export default function TeachRoom() {
  const t = useTexts(TEACH_TEXTS);
  const [sessions] = useState(() => new TeachSessions());
  const { lesson, failure, isElsewhere } = useStore(sessions.lesson);
  const { room, rest } = useRoute();
  const [shown, setShown] = useState("words");
  useEffect(() => void sessions.open(), [sessions]);
  const asked = room === "teach" && STEPS.some(({ id }) => id === rest) ? rest : shown;
  if (asked !== shown) setShown(asked);
  const { Step } = STEPS.find(({ id }) => id === asked)!;
  return (
    <>
      <RoomTitle title={t("title")}>{t("lead")}</RoomTitle>
      {lesson === undefined ? (
        <EmptyState title={t(isElsewhere ? "elsewhereTitle" : "opening")}>
          {isElsewhere && t("elsewhereText")}
        </EmptyState>
      ) : (
        <>
          <nav aria-label={t("steps")}>
            <ol class="steps">
              {STEPS.map(({ id, title }, i) => (
                <li key={id}>
                  <a href={`#teach/${id}`} aria-current={id === asked ? "step" : undefined}>
                    <span class="step-number number">{i + 1}</span>
                    <span class="step-title">{t(title)}</span>
                    <span class="muted small number">{stateOf(id, lesson)}</span>
                  </a>
                </li>
              ))}
            </ol>
          </nav>
          <FailureNotice error={failure} />
          <Step sessions={sessions} lesson={lesson} />
        </>
      )}
    </>
  );
}

/** Beside the title of a step: how far it is. */
function stateOf(step: (typeof STEPS)[number]["id"], lesson: WordLesson): string {
  const { imported, words, times, training } = lesson;
  if (step === "words") return `${textsOf(lesson).length || ""}`;
  if (step === "record") {
    if (imported) return `${imported.utterances}`;
    return words.length > 0 ? `${usedRecordings(lesson).length}/${words.length * times}` : "";
  }
  if (step === "train") return training === "done" ? "✓" : training === "begun" ? "…" : "";
  return "";
}
