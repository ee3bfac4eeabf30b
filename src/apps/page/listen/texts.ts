// What the room says.

import type { TextTable } from "../languages.tsx";

export const LISTEN_TEXTS = {
  title: { en: "Listen", de: "Zuhören" },
  lead: {
    en: "Speak, or drop a recording: words appear as they are said.",
    de: "Sprechen Sie, oder legen Sie eine Aufnahme ab: Wörter erscheinen, während sie gesagt werden.",
  },
} as const satisfies TextTable;
