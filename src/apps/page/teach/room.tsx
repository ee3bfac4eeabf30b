// Teach it your words: a few recordings of each become a model of one's own.

import { useTexts } from "../languages.tsx";
import { RoomTitle } from "../layout/panels.tsx";
import { TEACH_TEXTS } from "./texts.ts";

export default function TeachRoom() {
  const t = useTexts(TEACH_TEXTS);
  return <RoomTitle title={t("title")}>{t("lead")}</RoomTitle>;
}
