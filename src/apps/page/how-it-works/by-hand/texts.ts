// What is said around CTC by hand.

import type { TextTable } from "../../languages.tsx";

export const BY_HAND_TEXTS = {
  title: { en: "CTC’s loss by hand", de: "Der CTC-Loss von Hand" },
  lead: {
    en: "A network that knows two letters, a and b, and the blank “–”, and hears a few steps. Set what it says at each step: the loss is −ln of the sum over all paths that spell the text. Below, every path is counted, and the library computes the same by its recursion.",
    de: "Ein Netz, das zwei Buchstaben kennt, a und b, und das Blank „–“, und wenige Schritte hört. Stellen Sie ein, was es bei jedem Schritt sagt: Der Loss ist −ln der Summe über alle Pfade, die den Text ergeben. Darunter wird jeder Pfad gezählt, und die Bibliothek berechnet dasselbe durch ihre Rekursion.",
  },
  target: { en: "Text to be spelled", de: "Text, der herauskommen soll" },
  steps: { en: "Steps", de: "Schritte" },
  start: { en: "Begin with", de: "Beginnen mit" },
  even: { en: "no idea", de: "keiner Ahnung" },
  blanks: { en: "only blanks", de: "nur Blanks" },
  right: { en: "the right text", de: "dem richtigen Text" },
  learn: { en: "One step of learning", de: "Ein Lernschritt" },
  learnHint: {
    en: "Moves every logit against its gradient.",
    de: "Bewegt jedes Logit gegen seinen Gradienten.",
  },
  step: { en: "Step {step}", de: "Schritt {step}" },
  slider: { en: "Step {step}: weight of {symbol}", de: "Schritt {step}: Gewicht von {symbol}" },
  blank: { en: "blank", de: "Blank" },
  spelled: {
    en: "{count} of {all} paths spell “{text}”; together {probability}",
    de: "{count} von {all} Pfaden ergeben „{text}“; zusammen {probability}",
  },
  onlySpelling: { en: "Only these", de: "Nur diese" },
  paths: { en: "All paths", de: "Alle Pfade" },
  lossTitle: { en: "Loss", de: "Loss" },
  counted: { en: "counted", de: "gezählt" },
  library: { en: "ctcLoss", de: "ctcLoss" },
  difference: { en: "difference {difference}", de: "Unterschied {difference}" },
  none: {
    en: "No path of {steps} steps spells “{text}”: two equal letters need a blank between. The library refuses it (IMPOSSIBLE_ALIGNMENT).",
    de: "Kein Pfad von {steps} Schritten ergibt „{text}“: Zwei gleiche Buchstaben brauchen ein Blank dazwischen. Die Bibliothek lehnt es ab (IMPOSSIBLE_ALIGNMENT).",
  },
  tableTitle: { en: "Forward and backward", de: "Vorwärts und rückwärts" },
  table: {
    en: "α: all ways to have come to this state by this step. β: all ways to go on from it to the end. Their product is the probability of all paths through it, the same sum in every column; the shade is its share. The last term of the recursion counts only onto a letter, and not onto the same letter again.",
    de: "α: alle Wege, bis zu diesem Schritt in diesen Zustand zu kommen. β: alle Wege, von ihm aus bis zum Ende zu kommen. Ihr Produkt ist die Wahrscheinlichkeit aller Pfade durch ihn, mit derselben Summe in jeder Spalte; die Tönung ist sein Anteil. Der letzte Summand der Rekursion zählt nur auf einen Buchstaben hin, und nicht auf denselben noch einmal.",
  },
  state: { en: "State", de: "Zustand" },
  column: { en: "Σ α β", de: "Σ α β" },
  gradientTitle: { en: "Gradient", de: "Gradient" },
  gradient: {
    en: "Probability now, minus the share of the text’s paths that have this symbol here. Negative: learning will raise it.",
    de: "Wahrscheinlichkeit jetzt, minus der Anteil der Pfade des Textes, die hier dieses Zeichen haben. Negativ: Lernen wird sie anheben.",
  },
  agree: {
    en: "counted and library agree within {difference}",
    de: "gezählt und Bibliothek stimmen bis auf {difference} überein",
  },
} as const satisfies TextTable;
