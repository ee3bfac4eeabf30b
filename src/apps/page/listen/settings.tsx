// How the next recording is recognized: where, by which model, and what is expected.

import { useEffect, useState } from "preact/hooks";
import { FailureNotice, useFailureText } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { FileButton } from "../layout/file-drop.tsx";
import { Notice } from "../layout/notices.tsx";
import { Choice, Field, Panel } from "../layout/panels.tsx";
import { forgetModel, keepModel, listModels, modelKey, shippedModel, type PageModel } from "../models.ts";
import { servedFacts } from "../served.ts";
import { useStore } from "../store.ts";
import type { ListenSession } from "./session.ts";
import { LISTEN_TEXTS } from "./texts.ts";

/** Typing is done when nothing came for so long, in ms. */
const TYPED_MS = 500;

export function RecognitionSettings({ session }: { readonly session: ListenSession }) {
  const t = useTexts(LISTEN_TEXTS);
  const { place, expected, expectedFailure } = useStore(session);
  const served = servedFacts();
  const failureText = useFailureText();
  const failedText = expectedFailure === undefined ? undefined : failureText(expectedFailure);
  const isHotWord = String((expectedFailure as { where?: unknown } | undefined)?.where).startsWith(
    "hot word",
  );
  const [typed, setTyped] = useState(expected);
  useEffect(() => {
    if (typed === session.state.expected) return undefined;
    const timer = setTimeout(() => void session.expect(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, session]);
  return (
    <Panel title={t("settings")}>
      {served && (
        <Choice
          label={t("place")}
          value={place}
          options={[
            ["tab", t("inTab")],
            ["server", t("onServer")],
          ]}
          onChoose={(chosen) => void session.choose({ place: chosen })}
        />
      )}
      {place === "tab" ? <OwnModels session={session} /> : <ServerModels session={session} />}
      <Field label={t("hotWords")} hint={t("hotWordsHint")} error={isHotWord ? failedText : undefined}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={2}
            value={typed.hotWords}
            onInput={({ currentTarget }) => setTyped({ ...typed, hotWords: currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t("grammar")} hint={t("grammarHint")} error={isHotWord ? undefined : failedText}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={3}
            value={typed.grammar}
            onInput={({ currentTarget }) => setTyped({ ...typed, grammar: currentTarget.value })}
          />
        )}
      </Field>
    </Panel>
  );
}

function OwnModels({ session }: { readonly session: ListenSession }) {
  const t = useTexts(LISTEN_TEXTS);
  const { model, phase } = useStore(session);
  const [models, setModels] = useState<readonly PageModel[]>([model]);
  const [failure, setFailure] = useState<unknown>();
  const refresh = (): void => void listModels().then(setModels, setFailure);
  useEffect(refresh, [model]);
  const open = async ([file]: readonly File[]): Promise<void> => {
    try {
      setFailure(undefined);
      await session.choose({ model: await keepModel(file.name, new Uint8Array(await file.arrayBuffer())) });
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <div class="stack tight">
      <Field label={t("model")}>
        {(attributes) => (
          <select
            {...attributes}
            disabled={phase !== "idle"}
            value={modelKey(model)}
            onFocus={refresh}
            onChange={({ currentTarget }) =>
              void session.choose({ model: models.find((each) => modelKey(each) === currentTarget.value) })
            }
          >
            {models.map((each) => (
              <option key={modelKey(each)} value={modelKey(each)}>
                {each.origin === "shipped" ? t("shipped", { name: each.name }) : each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="row">
        <FileButton
          class="quiet"
          text={t("openModel")}
          accept=".safetensors"
          onFiles={(files) => void open(files)}
        />
        {model.origin === "own" && phase === "idle" && (
          <ForgetModel key={model.name} session={session} model={model} onFailure={setFailure} />
        )}
      </div>
      <FailureNotice error={failure} />
    </div>
  );
}

interface ForgetModelProps {
  readonly session: ListenSession;
  readonly model: PageModel;
  readonly onFailure: (failure: unknown) => void;
}

/** Asks first: what was taught cannot be had back. */
function ForgetModel({ session, model, onFailure }: ForgetModelProps) {
  const t = useTexts(LISTEN_TEXTS);
  const [isAsking, setIsAsking] = useState(false);
  const forget = async (): Promise<void> => {
    await forgetModel(model);
    await session.choose({ model: shippedModel() });
  };
  if (!isAsking)
    return (
      <button type="button" class="quiet" onClick={() => setIsAsking(true)}>
        {t("forgetModel")}
      </button>
    );
  return (
    <Notice kind="warning" title={t("forgetTitle", { name: model.name })}>
      <p>{t("forgetText")}</p>
      <div class="row">
        <button type="button" class="danger" onClick={() => void forget().catch(onFailure)}>
          {t("forget")}
        </button>
        <button type="button" onClick={() => setIsAsking(false)}>
          {t("keepModel")}
        </button>
      </div>
    </Notice>
  );
}

function ServerModels({ session }: { readonly session: ListenSession }) {
  const t = useTexts(LISTEN_TEXTS);
  const { server } = useStore(session);
  const { models, needsKey } = servedFacts()!;
  return (
    <>
      <Field label={t("model")}>
        {(attributes) => (
          <select
            {...attributes}
            value={server.model}
            onChange={({ currentTarget }) =>
              void session.choose({ server: { ...server, model: currentTarget.value } })
            }
          >
            {models.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      {needsKey && (
        <Field label={t("key")} hint={t("keyHint")}>
          {(attributes) => (
            <input
              {...attributes}
              type="password"
              autocomplete="off"
              value={server.key}
              onInput={({ currentTarget }) =>
                void session.choose({ server: { ...server, key: currentTarget.value } })
              }
            />
          )}
        </Field>
      )}
    </>
  );
}
