// Listen: speech, from the microphone or a file, becomes text.

import { useTexts } from "../languages.tsx";
import { RoomTitle } from "../layout/panels.tsx";
import { LISTEN_TEXTS } from "./texts.ts";

export default function ListenRoom() {
  const t = useTexts(LISTEN_TEXTS);
  return <RoomTitle title={t("title")}>{t("lead")}</RoomTitle>;
}
