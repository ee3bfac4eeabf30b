// What the frame of the page says.

import type { TextTable } from "./languages.tsx";

export const SHELL_TEXTS = {
  rooms: { en: "Rooms", de: "Räume" },
  language: { en: "Language", de: "Sprache" },
  skip: { en: "Skip to the content", de: "Zum Inhalt" },
  loading: { en: "Opening …", de: "Wird geöffnet …" },
  brokenTitle: { en: "This room did not open", de: "Dieser Raum ließ sich nicht öffnen" },
  broken: {
    en: "A part of the page could not be loaded. If trying again does not help, load the page again.",
    de: "Ein Teil der Seite ließ sich nicht laden. Wenn ein neuer Versuch nicht hilft, laden Sie die Seite neu.",
  },
  tryAgain: { en: "Try again", de: "Noch einmal versuchen" },
  connect: { en: "How other programs connect", de: "Wie andere Programme sich verbinden" },
  privateServed: {
    en: "Sound is recognized and learned from in this tab, unless you choose the server.",
    de: "Erkannt und gelernt wird in diesem Tab, es sei denn, Sie wählen den Server.",
  },
  private: {
    en: "Sound is recognized and learned from in this tab. Nothing leaves your machine.",
    de: "Erkannt und gelernt wird in diesem Tab. Nichts verlässt Ihren Rechner.",
  },
} as const satisfies TextTable;
