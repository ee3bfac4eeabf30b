// What the page says of failures and warnings: by the codes of the library, as far as it has better words for them or those of another
// language, and of what fails in the page itself.

import type { Said } from "./languages.tsx";

/** Where a language has none, the library's own text stands. `{place}` is where in a text of several lines, `{name}` what is meant. */
export const LIBRARY_TEXTS: Readonly<Record<string, Partial<Said>>> = {
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
  DAMAGED_AUDIO: { de: "Diese Aufnahme ist beschädigt. Kopieren oder laden Sie sie noch einmal." },
  LONG_AUDIO: { de: "Diese Aufnahme ist zu lang. Zerlegen Sie sie in Stücke von einer Stunde." },
  SHORT_AUDIO: { de: "Diese Aufnahme ist zu kurz, als dass etwas gesagt sein könnte." },
  SILENT_AUDIO: { de: "Diese Aufnahme ist stumm." },
  TRUNCATED_AUDIO: { de: "Die Aufnahme endet früher, als ihre Datei sagt: Der Rest fehlt." },
  MISCOUNTED_AUDIO: { de: "Die Aufnahme ist nicht so lang, wie ihre Datei sagt." },
  OVERLOADED_AUDIO: {
    de: "Die Zahlen der Aufnahme liegen weit über der Vollaussteuerung; sie wurde leiser gestellt.",
  },
  OPPOSITE_CHANNELS: { de: "Die Kanäle der Aufnahme sind gegenläufig; einer wird benutzt." },
  MODEL_TOO_NEW: {
    de: "Dieses Modell ist von einem neueren Earshot. Nehmen Sie eine neuere Fassung der Seite.",
  },
  INVALID_GRAMMAR: { de: "Bei {place} ist die Grammatik nicht zu verstehen." },
  UNSUPPORTED_GRAMMAR: { de: "Bei {place} steht etwas, das hier nicht unterstützt wird." },
  UNKNOWN_RULE: { de: "Bei {place} wird eine Regel oder Liste genannt, die es nicht gibt." },
  RECURSIVE_GRAMMAR: { de: "Bei {place} ruft eine Regel sich selbst auf." },
  GRAMMAR_TOO_LARGE: { de: "Die Grammatik erlaubt zu viele Sätze. Schreiben Sie sie kürzer." },
  EMPTY_GRAMMAR: { de: "In dieser Grammatik lässt sich nichts sagen." },
  UNSPELLABLE_GRAMMAR: {
    de: "Bei {place} steht ein Wort, das das Modell nicht schreiben kann: Sein Alphabet hat nicht alle Zeichen.",
  },
  UNSPELLABLE_WORDS: {
    de: "Manche dieser Wörter kann das Modell nicht schreiben: Sein Alphabet hat nicht alle Zeichen.",
  },
  INVALID_HOT_WORD: { de: "Ein erwartetes Wort braucht Buchstaben, und sein Gewicht muss eine Zahl sein." },
};

export const PAGE_TEXTS = {
  modelNotLoaded: {
    en: "The model “{name}” could not be loaded ({status}). Try again, or load the page again.",
    de: "Das Modell „{name}“ ließ sich nicht laden ({status}). Versuchen Sie es noch einmal, oder laden Sie die Seite neu.",
  },
  modelNotKept: {
    en: "The model “{name}” is not kept any more. Choose another.",
    de: "Das Modell „{name}“ ist nicht mehr da. Wählen Sie ein anderes.",
  },
  noEpochYet: {
    en: "The first round of training is not over yet: there is no model to try.",
    de: "Der erste Durchgang des Trainings ist noch nicht vorbei: Es gibt noch kein Modell zum Ausprobieren.",
  },
  folderTooLarge: {
    en: "The folder has {megabytes} MB; a tab takes up to {most} MB.",
    de: "Der Ordner hat {megabytes} MB; ein Tab nimmt bis zu {most} MB.",
  },
  serverAnswers: {
    en: "The server answers {status}. Try again later.",
    de: "Der Server antwortet mit {status}. Versuchen Sie es später noch einmal.",
  },
  serverEnded: {
    en: "The server ended the conversation.",
    de: "Der Server hat das Gespräch beendet.",
  },
} as const satisfies Readonly<Record<string, Said>>;
