// What the page says of failures and warnings: by the codes of the library, as far as it has better words for them or those of another
// language, and of what fails in the page itself.

import type { Said } from "./languages.tsx";

const PART_NOT_LOADED: Said = {
  en: "A part of the program could not be loaded. See that you are online, and load the page again.",
  de: "Ein Teil des Programms ließ sich nicht laden. Sehen Sie nach, ob Sie online sind, und laden Sie die Seite neu.",
};

const RUN_GONE: Said = {
  en: "The training that was begun is gone. Train from the beginning.",
  de: "Das begonnene Training ist nicht mehr da. Trainieren Sie von vorn.",
};

const OTHER_VERSION: Said = {
  en: "The training that was begun is of another version of this page. Train from the beginning.",
  de: "Das begonnene Training ist von einer anderen Fassung dieser Seite. Trainieren Sie von vorn.",
};

/** Where a language has none, the library's own text stands. `{place}` is where in a text of several lines. */
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
  PART_NOT_LOADED,
  NON_FINITE_WEIGHTS: {
    en: "This model has numbers that are none: its file is damaged, or the training that made it went astray. Copy it again, or choose another.",
    de: "Dieses Modell enthält Zahlen, die keine sind: Seine Datei ist beschädigt, oder sein Training ging schief. Kopieren Sie es noch einmal, oder wählen Sie ein anderes.",
  },
  PROGRAM_FAILED: {
    en: "The network could not be computed. Close other tabs, and load the page again.",
    de: "Das Netz ließ sich nicht berechnen. Schließen Sie andere Tabs, und laden Sie die Seite neu.",
  },
  MANIFEST_COLUMNS: {
    en: "The manifest lacks the columns “path” and “transcript” in its first line.",
    de: "Dem Manifest fehlen in der ersten Zeile die Spalten „path“ und „transcript“.",
  },
  MANIFEST_UNREADABLE: { de: "Das Manifest ist kein Text in UTF-8. Speichern Sie es als UTF-8." },
  MANIFEST_NOT_FOUND: { de: "Im Ordner ist weder ein Manifest noch eine Aufnahme." },
  EMPTY_MANIFEST: { de: "Im Manifest ist keine brauchbare Zeile. Schreiben Sie eine für jede Aufnahme." },
  NO_RECORDINGS: {
    en: "There is no recording in this folder. Choose another.",
    de: "In diesem Ordner ist keine Aufnahme. Wählen Sie einen anderen.",
  },
  NO_TRANSCRIPTS: {
    de: "Neben keiner Aufnahme steht, was gesagt wird. Legen Sie neben jede a.wav eine a.txt, oder ein Manifest in den Ordner.",
  },
  UNTRANSCRIBED_RECORDINGS: { de: "Aufnahmen ohne Text daneben wurden ausgelassen." },
  MALFORMED_ROWS: { de: "Zeilen des Manifests, die nicht zu verstehen sind, wurden ausgelassen." },
  RECORDING_NOT_FOUND: {
    en: "A recording is gone from this browser. Record it again, or choose the folder again.",
    de: "Eine Aufnahme ist nicht mehr in diesem Browser. Nehmen Sie sie noch einmal auf, oder wählen Sie den Ordner noch einmal.",
  },
  TOO_FEW_FRAMES: { de: "Aufnahmen, die für ihren Text zu kurz sind, wurden ausgelassen." },
  EMPTY_CORPUS: {
    en: "No recording is left to learn from. Record more, or choose another folder.",
    de: "Es bleibt keine Aufnahme zum Lernen. Nehmen Sie mehr auf, oder wählen Sie einen anderen Ordner.",
  },
  UNKNOWN_SYMBOL: {
    en: "The model that training begins from cannot spell one of the words. Write it with its letters, or begin from nothing.",
    de: "Das Modell, von dem das Training ausgeht, kann eines der Wörter nicht schreiben. Schreiben Sie es mit seinen Buchstaben, oder beginnen Sie bei null.",
  },
  INITIAL_MODEL_MISMATCH: {
    en: "Training cannot begin from this model. Choose another, or begin from nothing.",
    de: "Von diesem Modell kann das Training nicht ausgehen. Wählen Sie ein anderes, oder beginnen Sie bei null.",
  },
  DIVERGED: {
    en: "Training went astray: the network gives no numbers any more. Train from the beginning.",
    de: "Das Training ging schief: Das Netz liefert keine Zahlen mehr. Trainieren Sie von vorn.",
  },
  NOT_FINITE_GRADIENT: { de: "Ein Schritt wurde ausgelassen: Er hätte das Netz zerstört." },
  WORKER_DIED: {
    en: "The work ended, probably for want of memory. Close other tabs, and go on.",
    de: "Die Arbeit brach ab, wahrscheinlich aus Mangel an Speicher. Schließen Sie andere Tabs, und machen Sie weiter.",
  },
  FEATURE_WORKER_DIED: {
    en: "The work on the recordings ended, probably for want of memory. Close other tabs, and go on.",
    de: "Die Arbeit an den Aufnahmen brach ab, wahrscheinlich aus Mangel an Speicher. Schließen Sie andere Tabs, und machen Sie weiter.",
  },
  TRAINING_FAILED: {
    en: "Training failed, by a fault of the program. Go on, or train from the beginning.",
    de: "Das Training ging durch einen Fehler des Programms nicht weiter. Machen Sie weiter, oder trainieren Sie von vorn.",
  },
  STREAM_FAILED: {
    en: "Recognition failed, by a fault of the program. Load the page again.",
    de: "Das Erkennen ging durch einen Fehler des Programms nicht weiter. Laden Sie die Seite neu.",
  },
  RUN_BUSY: {
    en: "The lesson is being trained in another tab. Close that one.",
    de: "Die Lektion wird in einem anderen Tab trainiert. Schließen Sie ihn.",
  },
  RUN_EXISTS: {
    en: "An earlier training is in the way. Train from the beginning, or start over.",
    de: "Ein früheres Training ist im Weg. Trainieren Sie von vorn, oder beginnen Sie neu.",
  },
  NOT_A_RUN: RUN_GONE,
  MISSING_CHECKPOINT: RUN_GONE,
  NOT_A_CHECKPOINT: OTHER_VERSION,
  SETTINGS_CHANGED: OTHER_VERSION,
  DATA_CHANGED: {
    en: "Recordings were changed since this training began. Train from the beginning.",
    de: "Seit Beginn dieses Trainings wurden Aufnahmen geändert. Trainieren Sie von vorn.",
  },
  NO_DEV_SPLIT: {
    en: "Nothing is held back to measure with: the last round is taken as the model. With four recordings of each word one is.",
    de: "Nichts wird zum Messen zurückgehalten: Der letzte Durchgang wird das Modell. Ab vier Aufnahmen je Wort ist es eine.",
  },
  RARE_SYMBOLS: { de: "Manche Zeichen kommen kaum vor: Sie werden schlecht gelernt." },
  OUTPUT_LAYER_NEW: { de: "Das Modell schreibt anders: Seine letzte Schicht beginnt von vorn." },
  OUTPUT_ROWS_NEW: { de: "Das Modell schreibt manche Zeichen noch nicht: Sie werden neu gelernt." },
  CACHE_UNWRITABLE: {
    de: "Der Browser hat keinen Platz mehr: Es wird neu berechnet, was sonst aufgehoben würde.",
  },
  CACHE_TOO_SMALL: {
    de: "Der Platz reicht nicht: Es wird zum Teil neu berechnet, was sonst aufgehoben würde.",
  },
  NO_STREAM_WORKER: { de: "Erkannt wird im selben Strang wie die Seite: Sie kann stocken." },
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
  serverSays: { en: "The server says: {said}", de: "Der Server sagt: {said}" },
  serverEnded: {
    en: "The server ended the conversation, and the recording with it. See that it runs, or recognize in this tab.",
    de: "Der Server hat das Gespräch beendet und damit die Aufnahme. Sehen Sie nach, ob er läuft, oder erkennen Sie in diesem Tab.",
  },
  notReached: {
    en: "The server of this page cannot be reached. See that you are online and that it runs, and try again.",
    de: "Der Server dieser Seite ist nicht zu erreichen. Sehen Sie nach, ob Sie online sind und ob er läuft, und versuchen Sie es noch einmal.",
  },
  partNotLoaded: PART_NOT_LOADED,
  folderIsEmpty: {
    en: "There is no file in this folder. Choose one with recordings and what is said in them.",
    de: "In diesem Ordner ist keine Datei. Wählen Sie einen mit Aufnahmen und dem, was darin gesagt wird.",
  },
  folderLacks: {
    en: "{count} of the recordings that are listed are not in the folder, the first “{first}”. Choose the folder that has them.",
    de: "{count} der genannten Aufnahmen sind nicht im Ordner, die erste „{first}“. Wählen Sie den Ordner, in dem sie liegen.",
  },
  folderTeachesNothing: {
    en: "The folder has {learned} recordings to learn from (of the split “train”). It takes two at least.",
    de: "Der Ordner hat {learned} Aufnahmen zum Lernen (vom Teil „train“). Es braucht wenigstens zwei.",
  },
} as const satisfies Readonly<Record<string, Said>>;
