// What the room says around its stages: what is looked at, and the playhead.

import type { TextTable } from "../languages.tsx";

export const ROOM_TEXTS = {
  title: { en: "How it works", de: "So funktioniert es" },
  lead: {
    en: "One recording on its way through the network, from sound to text. Play it, or drag the playhead: every figure shows the same moment.",
    de: "Eine Aufnahme auf ihrem Weg durch das Netz, vom Klang zum Text. Spielen Sie sie ab oder ziehen Sie die Abspielposition: Alle Bilder zeigen denselben Augenblick.",
  },
  chooseTitle: { en: "What to look at", de: "Was zu sehen ist" },
  recording: { en: "Recording", de: "Aufnahme" },
  network: { en: "Network", de: "Netz" },
  example: { en: "“{text}”", de: "„{text}“" },
  ownRecording: { en: "Yours: {name}", de: "Ihre: {name}" },
  voice: { en: "your voice", de: "Ihre Stimme" },
  openFile: { en: "Open a recording", de: "Aufnahme öffnen" },
  record: { en: "Record yourself", de: "Selbst aufnehmen" },
  stop: { en: "Stop ({seconds} s)", de: "Stopp ({seconds} s)" },
  openModel: { en: "Open a model file", de: "Modelldatei öffnen" },
  tiny: { en: "The paper’s, small", de: "Das des Papers, klein" },
  tinyHint: {
    en: "Deep Speech as in the paper, with 112 units in each layer. It learned 37 words from 18 synthetic voices; the examples are by one that it never heard.",
    de: "Deep Speech wie im Paper, mit 112 Einheiten je Schicht. Es hat 37 Wörter von 18 künstlichen Stimmen gelernt; die Beispiele spricht eine, die es nie gehört hat.",
  },
  shippedHint: {
    en: "The model that comes with Earshot: English home commands, digits, letters and names.",
    de: "Das mitgelieferte Modell: englische Befehle fürs Haus, Ziffern, Buchstaben und Namen.",
  },
  ownHint: { en: "Your own model.", de: "Ihr eigenes Modell." },
  facts: {
    en: "{network}; {parameters} numbers learned",
    de: "{network}; {parameters} gelernte Zahlen",
  },
  cut: {
    en: "Only the first {seconds} s are shown.",
    de: "Gezeigt werden nur die ersten {seconds} s.",
  },
  working: { en: "Walking through the network …", de: "Geht durch das Netz …" },
  silent: {
    en: "There is no sound in this recording.",
    de: "In dieser Aufnahme ist kein Ton.",
  },
  play: { en: "Play", de: "Abspielen" },
  pause: { en: "Pause", de: "Anhalten" },
  playhead: { en: "Playhead", de: "Abspielposition" },
  playheadAt: { en: "{seconds} s, step {step} of {steps}", de: "{seconds} s, Schritt {step} von {steps}" },
  atPlayhead: { en: "At the playhead", de: "An der Abspielposition" },
  computedBy: { en: "computed by", de: "berechnet von" },
} as const satisfies TextTable;
