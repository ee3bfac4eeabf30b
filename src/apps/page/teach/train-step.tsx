// The third step: from what, and how it goes, live.

import { useEffect, useState } from "preact/hooks";
import { FailureNotice, useFailureText } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { FileButton } from "../layout/file-drop.tsx";
import { EmptyState, Notice } from "../layout/notices.tsx";
import { Field, Panel } from "../layout/panels.tsx";
import { keepModel, listModels, modelKey, type PageModel } from "../models.ts";
import { useRoute } from "../route.ts";
import { useStore } from "../store.ts";
import { ConfusionTable } from "./confusions.tsx";
import { Glimpses } from "./glimpses.tsx";
import { isReady, modelOf, textsOf, type LessonBase } from "./lesson.ts";
import { LossCurve } from "./loss-curve.tsx";
import type { StepProps } from "./sessions.ts";
import { SpellingNotice } from "./spelling.tsx";
import { TEACH_TEXTS } from "./texts.ts";
import { TrialPanel } from "./try-step.tsx";

export function TrainingStep({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const training = useStore(sessions.training);
  const { progress, phase, pairs, glimpses, watched } = training;
  const isRunning = phase !== "idle";
  const hasBegun = isRunning || progress.step > 0;
  if (!isReady(lesson))
    return (
      <Panel>
        <EmptyState
          title={t("notReadyTitle")}
          actions={
            <a class="button primary" href="#teach/record">
              {t("toRecordings")}
            </a>
          }
        >
          {t("notReadyText")}
        </EmptyState>
      </Panel>
    );
  return (
    <>
      <Panel title={t("stepTrain")}>
        <TrainingControls sessions={sessions} lesson={lesson} />
      </Panel>
      {hasBegun && (
        <>
          <div class={pairs.length > 0 || isRunning ? "columns" : "stack"}>
            <Panel title={t("loss")}>
              <LossCurve progress={progress} />
              <p class="hint">{t("lossHint")}</p>
            </Panel>
            {(pairs.length > 0 || isRunning) && (
              <Panel title={t("confusions")}>
                <ConfusionTable pairs={pairs} />
              </Panel>
            )}
          </div>
          {(glimpses.length > 0 || isRunning) && (
            <Panel title={t("alignment")}>
              <Glimpses word={watched ?? textsOf(lesson)[0] ?? ""} glimpses={glimpses} />
            </Panel>
          )}
          {progress.devLosses.length + glimpses.length > 0 && (
            <TrialPanel sessions={sessions} lesson={lesson} />
          )}
        </>
      )}
    </>
  );
}

function TrainingControls(props: StepProps) {
  const { phase } = useStore(props.sessions.training);
  return phase === "idle" ? <RestingTraining {...props} /> : <RunningTraining {...props} />;
}

function RunningTraining({ sessions: { training } }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const { phase, progress } = useStore(training);
  const { step, steps, from, epoch, epochs, etaSeconds } = progress;
  const isStopping = phase === "stopping";
  const state =
    phase === "preparing" ? t("preparing") : isStopping ? t("stopping") : t("epochOf", { epoch, epochs });
  return (
    <>
      <div class="row spread">
        <p role="status">
          {state}
          {phase === "training" && etaSeconds !== undefined && (
            <span class="muted number"> · {etaText(etaSeconds, t)}</span>
          )}
        </p>
        <button type="button" disabled={isStopping} onClick={() => training.stop()}>
          {t("stopTraining")}
        </button>
      </div>
      <progress
        value={steps > 0 ? step / steps : undefined}
        aria-label={t("stepTrain")}
        data-step={step}
        data-from={from}
      />
    </>
  );
}

function RestingTraining({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const failureText = useFailureText();
  const { progress, failure, warnings } = useStore(sessions.training);
  const { step, epoch, epochs } = progress;
  const name = lesson.name || t("usualName");
  const keptName = lesson.kept ?? name;
  const canGoOn = lesson.training === "begun" && step > 0;
  return (
    <>
      <FailureNotice error={failure} />
      {warnings.length > 0 && failure !== undefined && (
        <Notice kind="note">{warnings.map(failureText).join(" ")}</Notice>
      )}
      {canGoOn && (
        <Notice kind="note" title={t("interruptedTitle")}>
          {t("interruptedText", { epoch, epochs })}
        </Notice>
      )}
      {lesson.training === "done" && (
        <Notice kind="note" title={t("doneTitle")}>
          {t("doneText", { name: keptName })}
        </Notice>
      )}
      {!canGoOn && lesson.training !== "done" ? (
        <NewTraining sessions={sessions} lesson={lesson} />
      ) : (
        <>
          <div class="row">
            {canGoOn && (
              <button type="button" class="primary large" onClick={() => void sessions.train(name, true)}>
                {t("goOn")}
              </button>
            )}
            {lesson.training === "done" && (
              <a class="button primary large" href="#teach/try">
                {t("stepTry")}
              </a>
            )}
          </div>
          <details>
            <summary>{t("anew")}</summary>
            <NewTraining sessions={sessions} lesson={lesson} />
          </details>
        </>
      )}
    </>
  );
}

function NewTraining({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const isFirst = lesson.training !== "done" && sessions.training.state.progress.step === 0;
  return (
    <div class="stack">
      <BaseChoice sessions={sessions} lesson={lesson} />
      <SpellingNotice sessions={sessions} lesson={lesson} words={textsOf(lesson)} />
      <div class="row">
        <button
          type="button"
          class={isFirst ? "primary large" : "large"}
          onClick={() => void sessions.train(lesson.name || t("usualName"), false)}
        >
          {t(isFirst ? "train" : "trainAgain")}
        </button>
      </div>
    </div>
  );
}

function etaText(seconds: number, t: ReturnType<typeof useTexts<typeof TEACH_TEXTS>>): string {
  if (seconds < 100) return t("eta", { seconds: Math.ceil(seconds) });
  return t("etaMinutes", { minutes: Math.round(seconds / 60) });
}

function keyOf(base: LessonBase): string {
  const model = modelOf(base);
  return model ? modelKey(model) : "nothing";
}

function BaseChoice({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const [models, setModels] = useState<readonly PageModel[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const { room } = useRoute();
  useEffect(() => void listModels().then(setModels, setFailure), [lesson.base, room]);
  const bases: LessonBase[] = [
    ...models.map(({ name, origin }) => ({ kind: origin, name })),
    { kind: "nothing" },
  ];
  const change = (base: LessonBase): void => void sessions.lesson.change({ base });
  const open = async ([file]: readonly File[]): Promise<void> => {
    try {
      const { name } = await keepModel(file.name, new Uint8Array(await file.arrayBuffer()));
      change({ kind: "own", name });
    } catch (error) {
      setFailure(error);
    }
  };
  const title = (base: LessonBase): string => {
    if (base.kind === "nothing") return t("baseNothing");
    return base.kind === "shipped" ? t("baseShipped", { name: base.name }) : base.name;
  };
  return (
    <div class="stack tight narrow">
      <Field label={t("base")} hint={t("baseHint")}>
        {(attributes) => (
          <select
            {...attributes}
            value={keyOf(lesson.base)}
            onChange={({ currentTarget }) => {
              const base = bases.find((each) => keyOf(each) === currentTarget.value);
              if (base) change(base);
            }}
          >
            {bases.map((base) => (
              <option key={keyOf(base)} value={keyOf(base)}>
                {title(base)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div>
        <FileButton
          class="quiet"
          text={t("baseFile")}
          accept=".safetensors"
          onFiles={(files) => void open(files)}
        />
      </div>
      <FailureNotice error={failure} />
    </div>
  );
}
