// The last step: the model is tried by speaking, kept, shared and taken elsewhere.

import { useEffect, useState } from "preact/hooks";
import { download } from "../download.ts";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { Icon } from "../layout/icons.tsx";
import { EmptyState } from "../layout/notices.tsx";
import { Field, Panel } from "../layout/panels.tsx";
import { LevelMeter } from "../sound/level-meter.tsx";
import { useStore } from "../store.ts";
import { readRunModel } from "./lesson-store.ts";
import { trialTexts } from "./lesson.ts";
import type { StepProps } from "./sessions.ts";
import { TEACH_TEXTS } from "./texts.ts";
import type { SpokenTrial } from "./trial-session.ts";

export function TryStep({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const hasModel = useHasModel(lesson.training);
  if (!hasModel)
    return (
      <Panel>
        <EmptyState
          title={t("noModelTitle")}
          actions={
            <a class="button primary" href="#teach/train">
              {t("toTraining")}
            </a>
          }
        >
          {t("noModelText")}
        </EmptyState>
      </Panel>
    );
  return (
    <div class="columns">
      <TrialPanel sessions={sessions} lesson={lesson} />
      <KeepPanel sessions={sessions} lesson={lesson} />
    </div>
  );
}

function useHasModel(training: string): boolean | undefined {
  const [hasModel, setHasModel] = useState<boolean>();
  useEffect(() => {
    if (training === "none") setHasModel(false);
    else
      readRunModel().then(
        (bytes) => setHasModel(bytes !== undefined),
        () => setHasModel(false),
      );
  }, [training]);
  return hasModel;
}

export function TrialPanel({ sessions: { trial }, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const { phase, trials, failure } = useStore(trial);
  const [last, ...earlier] = trials;
  return (
    <Panel title={t("tryTitle")}>
      <div class="row">
        {phase === "idle" ? (
          <button type="button" class="primary large" onClick={() => void trial.start(trialTexts(lesson))}>
            <Icon name="microphone" />
            {t("trySpeak")}
          </button>
        ) : (
          <>
            <button type="button" class="primary large" onClick={() => trial.stop()}>
              <Icon name="stop" />
              {t("tryStop")}
            </button>
            <LevelMeter level={trial.level} />
            <span class="muted small">{t(STATES[phase])}</span>
          </>
        )}
      </div>
      <FailureNotice error={failure} />
      <div aria-live="polite">{last ? <LastTrial trial={last} /> : <p class="muted">{t("tryEmpty")}</p>}</div>
      {earlier.length > 0 && (
        <ul class="trials">
          {earlier.map(({ text }, i) => (
            <li key={i} class={text === "" ? "muted" : ""}>
              {text === "" ? t("tryNone") : text}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const STATES = {
  opening: "openingModel",
  waiting: "waiting",
  speaking: "speaking",
  recognizing: "tryRecognizing",
} as const;

function LastTrial({ trial: { text, others } }: { readonly trial: SpokenTrial }) {
  const t = useTexts(TEACH_TEXTS);
  return (
    <>
      <p class={text === "" ? "words muted" : "words"}>{text === "" ? t("tryNone") : text}</p>
      {text !== "" && others.length > 0 && (
        <p class="muted small">{t("tryOthers", { others: others.join(", ") })}</p>
      )}
    </>
  );
}

function KeepPanel({ sessions, lesson }: StepProps) {
  const t = useTexts(TEACH_TEXTS);
  const [failure, setFailure] = useState<unknown>();
  const name = lesson.kept ?? (lesson.name || t("usualName"));
  const file = `${name.replaceAll(/[^\p{L}\p{N}.-]+/gu, "-")}.safetensors`;
  const withModel = async (use: (bytes: Uint8Array) => void | Promise<void>): Promise<void> => {
    try {
      const bytes = await readRunModel();
      if (bytes) await use(bytes);
    } catch (error) {
      if ((error as Error).name !== "AbortError") setFailure(error); // a share that was thought better of
    }
  };
  const save = (bytes: Uint8Array): void => download(file, bytes, "application/octet-stream");
  const share = async (bytes: Uint8Array): Promise<void> => {
    const files = [new File([bytes as BlobPart], file, { type: "application/octet-stream" })];
    if (navigator.canShare?.({ files })) await navigator.share({ files, title: name });
    else save(bytes);
  };
  return (
    <Panel title={t("keepTitle")}>
      <Field label={t("modelName")}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            value={name}
            onChange={({ currentTarget }) =>
              void sessions.rename(currentTarget.value.trim()).catch(setFailure)
            }
          />
        )}
      </Field>
      <div class="row">
        <button type="button" class="primary" onClick={() => void withModel(save)}>
          <Icon name="save" />
          {t("download")}
        </button>
        {"share" in navigator && (
          <button type="button" onClick={() => void withModel(share)}>
            <Icon name="share" />
            {t("share")}
          </button>
        )}
      </div>
      <FailureNotice error={failure} />
      <Snippet file={file} texts={trialTexts(lesson)} />
    </Panel>
  );
}

/** The only texts are those that were tried here. */
export function nodeProgram(file: string, texts: readonly string[]): string {
  const isAny = texts.length === 0;
  const grammar = isAny ? "" : `, { grammar: await Grammar.from(${JSON.stringify(texts)}) }`;
  return `import { ${isAny ? "" : "Grammar, "}Recognizer } from "earshot";
const recognizer = await Recognizer.load("${file}"${grammar});
console.log((await recognizer.transcribe("hello.wav")).text);`;
}

function Snippet({ file, texts }: { readonly file: string; readonly texts: readonly string[] }) {
  const t = useTexts(TEACH_TEXTS);
  const [isCopied, setIsCopied] = useState(false);
  const code = nodeProgram(file, texts);
  return (
    <div class="stack tight">
      <div class="row spread">
        <h3>{t("useInNode")}</h3>
        <button
          type="button"
          class="quiet"
          onClick={() => void navigator.clipboard.writeText(code).then(() => setIsCopied(true))}
        >
          {t(isCopied ? "copied" : "copy")}
        </button>
      </div>
      <p class="hint">{t("useInNodeHint")}</p>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
