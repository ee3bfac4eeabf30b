// Settings whose alphabet is made of the training transcripts get it as a list, so that all that comes after (the run's file,
// resuming, the model) knows nothing of how it was made. Symbols that are seen hardly ever are named: typing errors, often.

import { labelUtterances, type Utterance } from "../../data/index.ts";
import { EarshotError } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import { Alphabet, countSymbols, type CountedSymbol } from "../../text/index.ts";
import type { OnEvent } from "../events.ts";
import { FROM_DATA, type TrainingSettings } from "../settings.ts";

/** Symbols seen less often are named. */
const RARE = 5;

/** The settings as they are, or with their alphabet made. @throws EMPTY_ALPHABET, INVALID_TRANSCRIPT_MAP */
export function withAlphabet(
  settings: TrainingSettings,
  utterances: readonly Utterance[],
  emit: OnEvent = () => undefined,
): TrainingSettings {
  if (settings.alphabet !== FROM_DATA) return settings;
  const chosen = utterances.filter(({ split }) => split === settings.trainSplit);
  const texts = chosen.map(({ transcript: text, where }) => ({ text, where }));
  const symbols = countSymbols(texts, settings.transcript);
  if (symbols.length === 0) throw noSymbols(settings.trainSplit);
  emit({ type: "alphabet", symbols });
  const rare = symbols.filter(({ count }) => count < RARE);
  if (rare.length > 0) emit({ type: "warning", code: "RARE_SYMBOLS", message: rareMessage(rare) });
  return { ...settings, alphabet: symbols.map(({ symbol }) => symbol) };
}

/**
 * The same for a run, whose dev transcripts have to be spelled too: a letter that only they have is told at once, with what
 * helps where the alphabet is made already. @throws UNKNOWN_SYMBOL as well
 */
export function withAlphabetOfRun(
  settings: TrainingSettings,
  utterances: readonly Utterance[],
  emit?: OnEvent,
): TrainingSettings {
  const made = withAlphabet(settings, utterances, emit);
  if (settings.alphabet !== FROM_DATA || !Array.isArray(made.alphabet)) return made;
  const { devSplit, trainSplit, transcript } = made;
  const dev = utterances.filter(({ split }) => split === devSplit);
  try {
    labelUtterances(dev, Alphabet.fromSymbols(made.alphabet), transcript);
  } catch (error) {
    if (!(error instanceof EarshotError && error.code === "UNKNOWN_SYMBOL")) throw error;
    throw error.with({ remedy: onlyElsewhere(devSplit, trainSplit) });
  }
  return made;
}

const onlyElsewhere = (devSplit: string, trainSplit: string): string =>
  `The alphabet is made of the split "${trainSplit}", which does not have it. Correct the transcript of "${devSplit}", set transcript.unknown to "map" with a replacement in transcript.map, or to "drop" to leave such characters out, or list the alphabet yourself, with this symbol, as alphabet (docs/alphabet.md).`;

function rareMessage(rare: readonly CountedSymbol[]): string {
  const rarest = rare.toReversed().map(({ symbol, count, where }) => `"${symbol}" ${count}× (${where})`);
  return `Symbols of the alphabet that the transcripts have fewer than ${RARE} times, perhaps typing errors: ${inBrief(rarest)}. Correct them, or replace them by transcript.map.`;
}

function noSymbols(split: string): EarshotError {
  return new EarshotError({
    code: "EMPTY_ALPHABET",
    where: `alphabet: ${FROM_DATA}`,
    problem: `The transcripts of the split "${split}" hold no symbol.`,
    remedy: "Give a manifest with transcripts, and its split as trainSplit.",
  });
}
