// Which recording and which network are looked at.

import { useEffect, useState } from "preact/hooks";
import { FailureNotice } from "../failures.tsx";
import { useTexts } from "../languages.tsx";
import { FileButton } from "../layout/file-drop.tsx";
import { Icon } from "../layout/icons.tsx";
import { Choice, Panel } from "../layout/panels.tsx";
import { listModels, modelBytes, shippedModel, type PageModel } from "../models.ts";
import { useNumbers } from "../numbers.ts";
import { useRoute } from "../route.ts";
import type { Walkthrough } from "./library.ts";
import { EXAMPLES, fetchBytes, TINY_MODEL_URL, type LazyBytes } from "./sources.ts";
import { ROOM_TEXTS } from "./texts.ts";
import { useVoiceRecording } from "./voice-recording.ts";

interface Chosen {
  readonly id: string;
  readonly bytes: LazyBytes;
  /** Given by the reader for this visit. */
  readonly isGiven?: true;
}

const SOUNDS: readonly Chosen[] = EXAMPLES.map(({ text, url }) => ({
  id: text,
  bytes: { name: text, load: () => fetchBytes(url) },
}));
const TINY: Chosen = {
  id: "tiny",
  bytes: { name: "tiny-deep-speech", load: () => fetchBytes(TINY_MODEL_URL) },
};

const kept = (model: PageModel): Chosen => ({
  id: `${model.origin}: ${model.name}`,
  bytes: { name: model.name, load: () => modelBytes(model) },
});

const given = (name: string, bytes: Uint8Array): Chosen => ({
  id: `given: ${name}`,
  bytes: { name, load: () => Promise.resolve(bytes) },
  isGiven: true,
});

/** Those that were shown stay the same objects: a walk begins anew with another one. */
function withKept(shown: readonly Chosen[], own: readonly Chosen[]): Chosen[] {
  const known = new Map(shown.map((each) => [each.id, each]));
  return [
    ...shown.slice(0, 2),
    ...own.map((each) => known.get(each.id) ?? each),
    ...shown.filter(({ isGiven }) => isGiven),
  ];
}

export interface Choices {
  readonly sounds: readonly Chosen[];
  /** The small one, the one beside the page, then the reader's. */
  readonly models: readonly Chosen[];
  readonly sound: Chosen;
  readonly model: Chosen;
  readonly chooseSound: (id: string) => void;
  readonly chooseModel: (id: string) => void;
  /** The reader's own takes the place of the one before, and is chosen. */
  readonly addSound: (name: string, bytes: Uint8Array) => void;
  readonly addModel: (name: string, bytes: Uint8Array) => void;
}

export function useChoices(): Choices {
  const [sounds, setSounds] = useState(SOUNDS);
  const [models, setModels] = useState<readonly Chosen[]>(() => [TINY, kept(shippedModel())]);
  const [sound, setSound] = useState(SOUNDS[0]);
  const [model, setModel] = useState(TINY);
  const { room } = useRoute();
  useEffect(() => {
    const show = (all: readonly PageModel[]): void =>
      setModels((now) => withKept(now, all.filter(({ origin }) => origin === "own").map(kept)));
    listModels().then(show, () => undefined); // a page that may keep nothing has none
  }, [room]); // what was taught or removed in another room
  return {
    sounds,
    models,
    sound,
    model,
    chooseSound: (id) => setSound(sounds.find((each) => each.id === id) ?? sounds[0]),
    chooseModel: (id) => setModel(models.find((each) => each.id === id) ?? TINY),
    addSound(name, bytes) {
      const added = given(name, bytes);
      setSounds([...SOUNDS, added]);
      setSound(added);
      if (model === TINY) setModel(models[1]); // the small one knows no human voice
    },
    addModel(name, bytes) {
      const added = given(name, bytes);
      setModels([...models.filter(({ isGiven }) => !isGiven), added]);
      setModel(added);
    },
  };
}

interface ChoosePanelProps {
  readonly choices: Choices;
  readonly network: Walkthrough | undefined;
}

export function ChoosePanel({ choices, network }: ChoosePanelProps) {
  const t = useTexts(ROOM_TEXTS);
  const { whole } = useNumbers();
  const { model, models } = choices;
  const hint = model === TINY ? "tinyHint" : model === models[1] ? "shippedHint" : "ownHint";
  return (
    <Panel title={t("chooseTitle")}>
      <SoundChoice choices={choices} />
      <div class="choose-row">
        <Choice
          label={t("network")}
          value={model.id}
          options={models.map((each) => [each.id, each === TINY ? t("tiny") : each.bytes.name] as const)}
          onChoose={choices.chooseModel}
        />
        <FileButton
          text={t("openModel")}
          accept=".safetensors"
          onFiles={(files) => void addFile(files, choices.addModel)}
        />
      </div>
      <p class="hint">
        {t(hint)}{" "}
        {network && (
          <span class="number">
            {t("facts", { network: network.network, parameters: whole(network.parameters) })}
          </span>
        )}
      </p>
    </Panel>
  );
}

function SoundChoice({ choices }: { readonly choices: Choices }) {
  const t = useTexts(ROOM_TEXTS);
  const [failure, setFailure] = useState<{ readonly error: unknown }>();
  const voice = useVoiceRecording(
    (wav) => choices.addSound(t("voice"), wav),
    (error) => setFailure({ error }),
  );
  const nameOf = ({ bytes: { name }, isGiven }: Chosen): string =>
    isGiven ? t("ownRecording", { name }) : t("example", { text: name });
  return (
    <>
      <div class="choose-row">
        <Choice
          label={t("recording")}
          value={choices.sound.id}
          options={choices.sounds.map((each) => [each.id, nameOf(each)] as const)}
          onChoose={choices.chooseSound}
        />
        <div class="row">
          {voice.seconds === undefined ? (
            <button type="button" onClick={() => void voice.start()}>
              <Icon name="microphone" />
              {t("record")}
            </button>
          ) : (
            <button type="button" class="primary" onClick={() => voice.stop()}>
              <Icon name="stop" />
              {t("stop", { seconds: voice.seconds })}
            </button>
          )}
          <FileButton
            text={t("openFile")}
            accept="audio/*,.sph"
            onFiles={(files) => void addFile(files, choices.addSound)}
          />
        </div>
      </div>
      <FailureNotice error={failure?.error} />
    </>
  );
}

async function addFile(
  [file]: readonly File[],
  add: (name: string, bytes: Uint8Array) => void,
): Promise<void> {
  add(file.name, new Uint8Array(await file.arrayBuffer()));
}
