// What the room says.

import type { TextTable } from "../languages.tsx";

export const TEACH_TEXTS = {
  title: { en: "Teach it your words", de: "Eigene Wörter beibringen" },
  lead: {
    en: "Write down your words, say each a few times, and train a model that understands you.",
    de: "Schreiben Sie Ihre Wörter auf, sprechen Sie jedes ein paar Mal, und trainieren Sie ein Modell, das Sie versteht.",
  },
} as const satisfies TextTable;
