// Texts of a recording that several models heard: found by joint-search.ts, with words whose times and confidences are the
// weighted means of what each model says of them. Models may take steps of different lengths.

import { timeWords, type TimedWord } from "../alignment/words.ts";
import type { Alphabet } from "../../text/index.ts";
import type { DecodedText, Emission } from "./decoder.ts";
import type { DecoderSettings } from "./decoder-settings.ts";
import type { FinalText } from "./final-texts.ts";
import { JointSearch } from "./joint-search.ts";
import type { TextScores } from "./text-scores.ts";
import { withJoinedPieces } from "./word-pieces.ts";

/** None where every text is all but impossible to one of the models. @throws SHAPE_MISMATCH, NOT_LOG_PROBABILITIES */
export function decodeJointly(
  emissions: readonly Emission[],
  alphabet: Alphabet,
  settings: DecoderSettings,
  text: TextScores,
): readonly DecodedText[] {
  const found = new JointSearch(alphabet, settings, text, emissions).texts();
  return withJoinedPieces(
    found.map((final) => decoded(final, emissions, alphabet)),
    alphabet,
  );
}

function decoded(
  { labels, prunedMass, score, acousticScore }: FinalText,
  emissions: readonly Emission[],
  alphabet: Alphabet,
): DecodedText {
  const spelled = Int32Array.from(labels);
  const heard = emissions.map(({ rows }) => timeWords(spelled, prunedMass, spanOf(rows, alphabet), alphabet));
  const words = heard[0].map((_, i) =>
    meanWord(
      heard.map((words) => words[i]),
      emissions,
    ),
  );
  const separator = alphabet.symbols.includes(" ") ? " " : "";
  return { text: words.map(({ text }) => text).join(separator), words, score, acousticScore };
}

/** In steps of the first model. Means of words that follow each other follow each other. */
function meanWord(heard: readonly TimedWord[], emissions: readonly Emission[]): TimedWord {
  const mean = (value: (word: TimedWord, emission: Emission) => number) =>
    heard.reduce((sum, word, m) => sum + emissions[m].weight * value(word, emissions[m]), 0);
  const [{ stepMs: commonMs }] = emissions;
  return {
    text: heard[0].text,
    startStep: mean(({ startStep }, { stepMs }) => (startStep * stepMs) / commonMs),
    endStep: mean(({ endStep }, { stepMs }) => (endStep * stepMs) / commonMs),
    confidence: mean(({ confidence }) => confidence),
  };
}

function spanOf(rows: Float32Array, { size, blank, symbols }: Alphabet) {
  return { rows, fromStep: 0, toStep: rows.length / size, symbols: size, blank, space: symbols.indexOf(" ") };
}
