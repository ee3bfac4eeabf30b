// What went wrong, in the reader's language where the page has a text for its code, else as the library says it.

import { useLanguage, type Said } from "./languages.tsx";
import { Notice } from "./layout/notices.tsx";

const TEXTS: Readonly<Record<string, Said>> = {
  MICROPHONE_REFUSED: {
    en: "The browser does not give this page the microphone. Allow it beside the address of the page, and try again.",
    de: "Der Browser gibt dieser Seite das Mikrofon nicht. Erlauben Sie es neben der Adresse der Seite, und versuchen Sie es noch einmal.",
  },
  NO_MICROPHONE: {
    en: "No microphone can be opened. Connect one, and see that no other program holds it.",
    de: "Kein Mikrofon lässt sich öffnen. Schließen Sie eines an, und sehen Sie nach, ob ein anderes Programm es benutzt.",
  },
  NOT_IN_BROWSER: {
    en: "This browser lacks what is needed. Open the page over https or from localhost, in a current browser.",
    de: "Diesem Browser fehlt etwas Nötiges. Öffnen Sie die Seite über https oder von localhost, in einem aktuellen Browser.",
  },
  FILE_SYSTEM: {
    en: "The browser does not let this page keep that: it refuses storage to it, or has no more room. Allow it to keep data, make room, or leave the private window.",
    de: "Der Browser lässt diese Seite das nicht aufheben: Er verweigert ihr Speicher oder hat keinen Platz mehr. Erlauben Sie ihr, Daten zu speichern, schaffen Sie Platz, oder verlassen Sie das private Fenster.",
  },
  UNKNOWN_AUDIO_FORMAT: {
    en: "This file is no recording that can be read here: neither WAV, FLAC, MP3 or Ogg nor anything else that this browser plays. Choose another, or convert it to WAV or FLAC.",
    de: "Diese Datei ist keine Aufnahme, die hier gelesen werden kann: weder WAV, FLAC, MP3 oder Ogg noch etwas anderes, das dieser Browser abspielt. Wählen Sie eine andere, oder wandeln Sie sie in WAV oder FLAC um.",
  },
  EMPTY_AUDIO: {
    en: "There is no sound in this file. Choose another, or record it again.",
    de: "In dieser Datei ist kein Ton. Wählen Sie eine andere, oder nehmen Sie sie noch einmal auf.",
  },
  NOT_A_MODEL: {
    en: "This file is no model of Earshot's.",
    de: "Diese Datei ist kein Modell von Earshot.",
  },
  DAMAGED_MODEL: {
    en: "This file is no model of Earshot's, or it is damaged. Copy or download it again.",
    de: "Diese Datei ist kein Modell von Earshot, oder sie ist beschädigt. Kopieren oder laden Sie sie noch einmal.",
  },
};

const TITLE: Said = { en: "That did not work", de: "Das ging nicht" };

/** What an error says, whoever made it. */
export function failureText(error: unknown, texts: (code: string) => string | undefined): string {
  const { code, problem, remedy, message } = error as Partial<Record<string, unknown>>;
  const own = typeof code === "string" ? texts(code) : undefined;
  if (own !== undefined) return own;
  const said = [problem, remedy].filter((part) => typeof part === "string" && part !== "");
  return said.length > 0 ? said.join(" ") : typeof message === "string" ? message : String(error);
}

export function FailureNotice({ error }: { readonly error: unknown }) {
  const { language } = useLanguage();
  if (error === undefined) return null;
  return (
    <Notice kind="error" title={TITLE[language]}>
      {failureText(error, (code) => TEXTS[code]?.[language])}
    </Notice>
  );
}
