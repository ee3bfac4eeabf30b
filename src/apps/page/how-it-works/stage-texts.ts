// What is said of each stage.

import type { TextTable } from "../languages.tsx";

export const STAGE_TEXTS = {
  soundTitle: { en: "Sound", de: "Klang" },
  sound: {
    en: "A microphone measures the pressure of the air. Whatever was recorded becomes one channel of 16,000 numbers a second: {count} for these {seconds} s. The marked piece, {window} ms, is what one frame is made of.",
    de: "Ein Mikrofon misst den Luftdruck. Jede Aufnahme wird zu einem Kanal mit 16 000 Zahlen je Sekunde: {count} für diese {seconds} s. Aus dem markierten Stück, {window} ms lang, entsteht ein Frame.",
  },
  soundFigure: {
    en: "Waveform of {seconds} seconds of sound.",
    de: "Wellenform von {seconds} Sekunden Klang.",
  },
  soundPiece: { en: "Sound of frame {frame}, {window} ms", de: "Klang von Frame {frame}, {window} ms" },

  framesTitle: { en: "Frames", de: "Frames" },
  filterFrames: {
    en: "Every {hop} ms a piece of {window} ms is cut out and taken apart into its frequencies. Filters add up the energy around their peaks; its logarithm, brought to mean 0 and deviation 1, is one number. A frame has {size} of them, and there are {frames} frames. Bright is loud, low frequencies are at the bottom.",
    de: "Alle {hop} ms wird ein Stück von {window} ms herausgeschnitten und in seine Frequenzen zerlegt. Filter zählen die Energie um ihre Spitze zusammen; deren Logarithmus, auf Mittel 0 und Abweichung 1 gebracht, ist eine Zahl. Ein Frame hat {size} davon, und es gibt {frames} Frames. Hell ist laut, tiefe Frequenzen liegen unten.",
  },
  cepstralFrames: {
    en: "Every {hop} ms a piece of {window} ms is cut out and taken apart into its frequencies; the shape of the spectrum is described by a few coefficients. A frame has {size} numbers, and there are {frames} frames.",
    de: "Alle {hop} ms wird ein Stück von {window} ms herausgeschnitten und in seine Frequenzen zerlegt; die Form des Spektrums beschreiben wenige Koeffizienten. Ein Frame hat {size} Zahlen, und es gibt {frames} Frames.",
  },
  framesFigure: {
    en: "{frames} frames of {size} numbers; at the playhead the largest is that of {name}.",
    de: "{frames} Frames zu {size} Zahlen; an der Abspielposition ist die größte die von {name}.",
  },
  frameColumn: { en: "Frame {frame}: {size} numbers", de: "Frame {frame}: {size} Zahlen" },
  energy: { en: "the whole energy", de: "der ganzen Energie" },
  coefficient: { en: "coefficient {index}", de: "Koeffizient {index}" },
  slope: { en: "the slope of {name}", de: "der Steigung von {name}" },

  contextTitle: { en: "Context", de: "Kontext" },
  context: {
    en: "One frame is too short to tell letters apart. A step of the network sees its own frame, {before} before it and {after} after it: {inputs} numbers at once.",
    de: "Ein Frame ist zu kurz, um Buchstaben zu unterscheiden. Ein Schritt des Netzes sieht seinen eigenen Frame, {before} davor und {after} danach: {inputs} Zahlen auf einmal.",
  },
  stride: {
    en: "A step begins every {stride} frames, so that {frames} frames become {steps} steps of {stepMs} ms.",
    de: "Alle {stride} Frames beginnt ein Schritt, so dass aus {frames} Frames {steps} Schritte von {stepMs} ms werden.",
  },
  contextNow: { en: "What step {step} sees", de: "Was Schritt {step} sieht" },
  contextFigure: {
    en: "The {count} frames that step {step} sees; its own is framed.",
    de: "Die {count} Frames, die Schritt {step} sieht; der eigene ist umrandet.",
  },
  contextWhere: {
    en: "The part of the recording that step {step} sees.",
    de: "Der Teil der Aufnahme, den Schritt {step} sieht.",
  },

  layersTitle: { en: "Layers", de: "Schichten" },
  layers: {
    en: "A unit adds up its inputs, each times a weight that was learned, and passes the sum on, but nothing below 0 and nothing above {ceiling}. So it is off, on, or at the clip. What each unit answers to, nobody told it.",
    de: "Eine Einheit zählt ihre Eingaben zusammen, jede mal einem gelernten Gewicht, und gibt die Summe weiter, aber nichts unter 0 und nichts über {ceiling}. Sie ist also aus, an oder am Anschlag. Worauf eine Einheit anspricht, hat ihr niemand gesagt.",
  },
  blocks: {
    en: "Each block adds what it finds to what comes from below. Its numbers are positive and negative.",
    de: "Jeder Block fügt dem, was von unten kommt, hinzu, was er findet. Seine Zahlen sind positiv und negativ.",
  },
  off: { en: "off", de: "aus" },
  on: { en: "on", de: "an" },
  atClip: { en: "at the clip", de: "am Anschlag" },
  negative: { en: "negative", de: "negativ" },
  positive: { en: "positive", de: "positiv" },
  layerFigure: {
    en: "Layer {name}: {units} units at {steps} steps.",
    de: "Schicht {name}: {units} Einheiten an {steps} Schritten.",
  },
  layerShares: {
    en: "off {off}, at the clip {clip} of all values",
    de: "aus {off}, am Anschlag {clip} aller Werte",
  },
  unitsNow: {
    en: "{name}: {on} of {units} on, {clip} at the clip",
    de: "{name}: {on} von {units} an, {clip} am Anschlag",
  },
  signedNow: { en: "{name}: {units} units", de: "{name}: {units} Einheiten" },
  upperTitle: { en: "The layer above", de: "Die Schicht darüber" },
  upper: {
    en: "One more layer looks at the states of both directions together, step by step.",
    de: "Eine weitere Schicht sieht die Zustände beider Richtungen zusammen, Schritt für Schritt.",
  },

  recurrenceTitle: { en: "Recurrence, both ways", de: "Rekurrenz in beide Richtungen" },
  recurrenceOneTitle: { en: "Recurrence", de: "Rekurrenz" },
  recurrence: {
    en: "What a sound means depends on what was said before and on what comes after. One chain of states runs from the beginning, the other from the end; each step takes the state of the step before it. At the playhead the first knows all to its left, the second all to its right. Their sum goes on.",
    de: "Was ein Laut bedeutet, hängt davon ab, was vorher gesagt wurde und was danach kommt. Eine Kette von Zuständen läuft vom Anfang her, die andere vom Ende; jeder Schritt übernimmt den Zustand des Schrittes davor. An der Abspielposition kennt die erste alles links, die zweite alles rechts. Ihre Summe geht weiter.",
  },
  recurrenceOne: {
    en: "What a sound means depends on what was said before. A chain of states runs from the beginning; each step takes the state of the step before it. At the playhead it knows all to its left.",
    de: "Was ein Laut bedeutet, hängt davon ab, was vorher gesagt wurde. Eine Kette von Zuständen läuft vom Anfang her; jeder Schritt übernimmt den Zustand des Schrittes davor. An der Abspielposition kennt sie alles links.",
  },
  forward: { en: "forward →", de: "vorwärts →" },
  backward: { en: "← backward", de: "← rückwärts" },
  sum: { en: "sum", de: "Summe" },

  probabilitiesTitle: { en: "Probabilities", de: "Wahrscheinlichkeiten" },
  probabilities: {
    en: "The last layer gives a number for each of {symbols} symbols, without a clip; the softmax makes them probabilities that add up to 1 at each step. One of the symbols is the blank, “–”: it says that nothing new begins here.",
    de: "Die letzte Schicht gibt eine Zahl für jedes von {symbols} Zeichen, ohne Anschlag; der Softmax macht daraus Wahrscheinlichkeiten, die in jedem Schritt zusammen 1 ergeben. Eines der Zeichen ist das Blank, „–“: Es sagt, dass hier nichts Neues beginnt.",
  },
  probabilitiesFigure: {
    en: "Probability of each symbol at each of {steps} steps; at the playhead {symbol} is likeliest with {probability}.",
    de: "Wahrscheinlichkeit jedes Zeichens an jedem von {steps} Schritten; an der Abspielposition ist {symbol} mit {probability} am wahrscheinlichsten.",
  },

  pathsTitle: { en: "Paths, and how they add up", de: "Pfade und ihre Summe" },
  bestPath: {
    en: "Take the likeliest symbol of each step, drop repeats, then blanks: that is the best path, and it spells “{text}”. It alone has a probability of {probability}.",
    de: "Man nehme in jedem Schritt das wahrscheinlichste Zeichen, streiche Wiederholungen und dann Blanks: Das ist der beste Pfad, und er ergibt „{text}“. Er allein hat eine Wahrscheinlichkeit von {probability}.",
  },
  allPaths: {
    en: "But many paths spell the same text: a letter may begin earlier, last longer, have more blanks around it. {count} paths of {steps} steps spell “{text}”, and together they have a probability of {probability}. The picture shows which share of them is in which letter at each step.",
    de: "Doch viele Pfade ergeben denselben Text: Ein Buchstabe kann früher beginnen, länger dauern, mehr Blanks um sich haben. {count} Pfade von {steps} Schritten ergeben „{text}“, zusammen mit einer Wahrscheinlichkeit von {probability}. Das Bild zeigt, welcher Anteil von ihnen bei jedem Schritt in welchem Buchstaben ist.",
  },
  tryText: { en: "Paths of which text?", de: "Pfade welchen Textes?" },
  tryHint: {
    en: "Type another text and see what it would cost.",
    de: "Geben Sie einen anderen Text ein und sehen Sie, was er kosten würde.",
  },
  doesNotFit: {
    en: "It does not fit into {steps} steps.",
    de: "Er passt nicht in {steps} Schritte.",
  },
  unspellable: {
    en: "The network has no symbol for a part of it.",
    de: "Für einen Teil davon hat das Netz kein Zeichen.",
  },
  loss: { en: "Loss: −ln {probability} = {loss}", de: "Loss: −ln {probability} = {loss}" },
  statesNow: { en: "Share of the paths at step {step}", de: "Anteil der Pfade bei Schritt {step}" },
  pathsFigure: {
    en: "Shares of all paths that spell “{text}”: from the first state at the top left to the last at the bottom right. At the playhead most are in {state}.",
    de: "Anteile aller Pfade, die „{text}“ ergeben: vom ersten Zustand links oben zum letzten rechts unten. An der Abspielposition sind die meisten in {state}.",
  },
  blankAfter: { en: "the blank after “{text}”", de: "dem Blank nach „{text}“" },
  blankFirst: { en: "the first blank", de: "dem ersten Blank" },
  letterOf: { en: "“{symbol}” of “{text}”", de: "„{symbol}“ von „{text}“" },
  stripLabel: { en: "The best path, symbol by symbol", de: "Der beste Pfad, Zeichen für Zeichen" },

  beamTitle: { en: "Beam search", de: "Beam-Suche" },
  beam: {
    en: "To find the text with the most probability, the search keeps the best beginnings of texts at each step, {beam} of them at most, and adds up all paths that lead to each. Paths that end in a blank and in a letter are kept apart, since only after a blank can the same letter come again. Move the playhead and watch the text grow. No language model has a say here: α = β = 0.",
    de: "Um den Text mit der größten Wahrscheinlichkeit zu finden, behält die Suche bei jedem Schritt die besten Textanfänge, höchstens {beam}, und zählt für jeden alle Pfade zusammen, die zu ihm führen. Pfade, die auf ein Blank und auf einen Buchstaben enden, zählt sie getrennt, denn nur nach einem Blank kann derselbe Buchstabe noch einmal kommen. Bewegen Sie die Abspielposition und sehen Sie dem Text beim Wachsen zu. Ein Sprachmodell redet hier nicht mit: α = β = 0.",
  },
  beamCaption: {
    en: "The best beginnings after step {step}",
    de: "Die besten Anfänge nach Schritt {step}",
  },
  beginning: { en: "Text so far", de: "Text bis hier" },
  emptyText: { en: "(nothing)", de: "(nichts)" },
  endsBlank: { en: "ends in blank", de: "endet auf Blank" },
  endsLetter: { en: "ends in its letter", de: "endet auf seinen Buchstaben" },
  together: { en: "together", de: "zusammen" },

  textTitle: { en: "Text", de: "Text" },
  textSame: {
    en: "All paths together and the best path alone say the same.",
    de: "Alle Pfade zusammen und der beste Pfad allein sagen dasselbe.",
  },
  textDiffers: {
    en: "The best path alone would have said “{greedy}”. Added up, the paths of another text are likelier.",
    de: "Der beste Pfad allein hätte „{greedy}“ gesagt. Zusammengezählt sind die Pfade eines anderen Textes wahrscheinlicher.",
  },
  nothing: {
    en: "The network spells nothing here.",
    de: "Das Netz schreibt hier nichts.",
  },
} as const satisfies TextTable;
