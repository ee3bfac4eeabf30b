// What the room says.

import type { TextTable } from "../languages.tsx";

export const LISTEN_TEXTS = {
  title: { en: "Listen", de: "Zuhören" },
  lead: {
    en: "Speak or open a recording, and see what the model hears: its text, its letters moment by moment, and what else it might have been.",
    de: "Sprechen Sie oder öffnen Sie eine Aufnahme, und sehen Sie, was das Modell hört: den Text, die Buchstaben von Moment zu Moment, und was es sonst gewesen sein könnte.",
  },
  record: { en: "Record", de: "Aufnehmen" },
  stop: { en: "Stop", de: "Stopp" },
  cancel: { en: "Cancel", de: "Abbrechen" },
  openFile: { en: "Open a recording", de: "Aufnahme öffnen" },
  opening: { en: "Opening the microphone and the model …", de: "Mikrofon und Modell werden geöffnet …" },
  recording: { en: "Listening. Stop when you are done.", de: "Es wird zugehört. Zum Ende auf Stopp." },
  working: { en: "Recognizing … {percent} %", de: "Wird erkannt … {percent} %" },
  text: { en: "Text", de: "Text" },
  emptyTitle: { en: "Nothing recorded yet", de: "Noch nichts aufgenommen" },
  emptyText: {
    en: "Press Record and speak, or drop a recording here: WAV, FLAC, MP3, Ogg, and whatever else this browser plays.",
    de: "Drücken Sie auf Aufnehmen und sprechen Sie, oder legen Sie eine Aufnahme hier ab: WAV, FLAC, MP3, Ogg, und was der Browser sonst abspielt.",
  },
  unrecognized: {
    en: "The recording is kept; it was not recognized.",
    de: "Die Aufnahme ist noch da; erkannt wurde sie nicht.",
  },
  again: { en: "Recognize it again", de: "Noch einmal erkennen" },
  full: {
    en: "The recording ended by itself: a tab keeps half an hour.",
    de: "Die Aufnahme endete von selbst: Ein Tab behält eine halbe Stunde.",
  },
  nothing: { en: "No words were recognized in it.", de: "Es wurden keine Wörter darin erkannt." },
  rejected: {
    en: "Heard “{text}”, and rejected it: the model is not sure that this was said.",
    de: "Gehört wurde „{text}“, aber verworfen: Das Modell ist nicht sicher, dass das gesagt wurde.",
  },
  waiting: { en: "Words appear here as you speak.", de: "Hier erscheinen Wörter, während Sie sprechen." },
  play: { en: "Play", de: "Abspielen" },
  pause: { en: "Pause", de: "Anhalten" },
  seconds: { en: "{seconds} s", de: "{seconds} s" },
  playWord: { en: "Play from “{word}”", de: "Ab „{word}“ abspielen" },
  letters: { en: "Letters over the sound", de: "Buchstaben über dem Klang" },
  soundOnly: { en: "The sound", de: "Der Klang" },
  lettersHint: {
    en: "Each curve is how likely the model takes a letter to be at that moment; below, the sound as a spectrogram, low pitch at the bottom. Click anywhere to play from there.",
    de: "Jede Kurve sagt, für wie wahrscheinlich das Modell einen Buchstaben in diesem Moment hält; darunter der Klang als Spektrogramm, tiefe Töne unten. Ein Klick spielt ab dieser Stelle.",
  },
  spectrogramHint: {
    en: "The sound as a spectrogram, low pitch at the bottom. Letters are known of what is recognized in the tab.",
    de: "Der Klang als Spektrogramm, tiefe Töne unten. Buchstaben sind bekannt, wenn im Tab erkannt wird.",
  },
  picture: {
    en: "Spectrogram of {seconds} s of sound: {text}",
    de: "Spektrogramm von {seconds} s Klang: {text}",
  },
  alternatives: { en: "What else it might have been", de: "Was es sonst gewesen sein könnte" },
  likelier: { en: "{times} × less likely", de: "{times} × weniger wahrscheinlich" },
  empty: { en: "(nothing)", de: "(nichts)" },
  downloads: { en: "Save as", de: "Speichern als" },
  settings: { en: "Recognition", de: "Erkennung" },
  place: { en: "Where it is recognized", de: "Wo erkannt wird" },
  inTab: { en: "In this tab", de: "In diesem Tab" },
  onServer: { en: "On the server", de: "Auf dem Server" },
  model: { en: "Model", de: "Modell" },
  shipped: { en: "{name} (in the box)", de: "{name} (mitgeliefert)" },
  forgetModel: { en: "Remove this model", de: "Dieses Modell entfernen" },
  forgetTitle: { en: "Remove “{name}”?", de: "„{name}“ entfernen?" },
  forgetText: {
    en: "It is kept in this browser only. Where you have not saved its file elsewhere, it is gone for good.",
    de: "Es ist nur in diesem Browser aufgehoben. Wenn Sie seine Datei nicht woanders haben, ist es endgültig weg.",
  },
  forget: { en: "Remove", de: "Entfernen" },
  keepModel: { en: "Keep it", de: "Behalten" },
  openModel: { en: "Open a model file", de: "Modelldatei öffnen" },
  key: { en: "API key", de: "API-Schlüssel" },
  keyHint: { en: "Kept until the page is closed.", de: "Bleibt, bis die Seite geschlossen wird." },
  hotWords: { en: "Words to expect", de: "Erwartete Wörter" },
  hotWordsHint: {
    en: "One a line, such as names; a weight may stand behind a colon: “Ada:15”.",
    de: "Eines je Zeile, etwa Namen; hinter einem Doppelpunkt kann ein Gewicht stehen: „Ada:15“.",
  },
  grammar: { en: "Only these sentences", de: "Nur diese Sätze" },
  grammarHint: {
    en: "One a line. JSGF and Home Assistant’s templates are understood, too. Empty: anything may be said.",
    de: "Einer je Zeile. Auch JSGF und Vorlagen von Home Assistant werden verstanden. Leer: Alles darf gesagt werden.",
  },
} as const satisfies TextTable;
