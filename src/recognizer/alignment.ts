// Forced alignment of a recording: a text that is known, spelled as the model's transcripts were, and the time at which
// each word and each symbol of it was said. The rows of a long recording come in pieces, but it is aligned as a whole; of
// several models, each aligns it, and times and scores are their weighted means. Words avoid silence (step-prices.ts), and
// lie at their sounds (word-edges.ts).

import type { SoundLevels } from "../audio/index.ts";
import { alignText } from "../ctc/index.ts";
import type { Emission } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import type { AcousticModel } from "../model/index.ts";
import { normalizeTranscript, type Alphabet } from "../text/index.ts";
import type { RecordingParts } from "./recording-parts.ts";
import { stepPrices, type TimedStep } from "./step-prices.ts";
import type { Word } from "./transcription.ts";
import { placeWords } from "./word-edges.ts";
import { joinBlocks } from "../tensor.ts";

export interface AlignedSymbol {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The geometric mean of its probabilities in its steps, 0 to 1. */
  readonly probability: number;
}

export interface Alignment {
  /** As the model spells it. */
  readonly text: string;
  readonly words: readonly (Word & { readonly characters: readonly AlignedSymbol[] })[];
  /** ln of the probability of the likeliest path that spells the text. */
  readonly score: number;
  /** Characters of the text that the model's policy left out. */
  readonly dropped: readonly string[];
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
}

type AlignedParts = Pick<Alignment, "words" | "score">;
type TimedEmission = Emission & { readonly startMs: number };

/** @throws UNKNOWN_SYMBOL, IMPOSSIBLE_ALIGNMENT, TOO_LONG_TO_ALIGN, at `where` */
export function alignRecording(
  { parts, warnings, seconds, levels }: RecordingParts<readonly Emission[]>,
  written: string,
  { alphabet, transcript }: Pick<AcousticModel, "alphabet" | "transcript">,
  where: string,
): Alignment {
  const { text, dropped } = normalizeTranscript(written, alphabet, transcript, `text for ${where}`);
  const byModel = parts[0].part.map(({ weight }, m) => {
    const own = parts.map(({ startMs, part }) => ({ startMs, ...part[m] }));
    return { weight, ...naming(where, () => alignParts(own, text, alphabet, seconds, levels)) };
  });
  const mean = (value: (aligned: AlignedParts) => number) =>
    byModel.reduce((sum, { weight, ...aligned }) => sum + weight * value(aligned), 0);
  const words = byModel[0].words.map((word, i) => ({
    ...meanTimes(word, ({ words }) => words[i], mean),
    confidence: mean(({ words }) => words[i].confidence),
    characters: word.characters.map((symbol, k) => ({
      ...meanTimes(symbol, ({ words }) => words[i].characters[k], mean),
      probability: mean(({ words }) => words[i].characters[k].probability),
    })),
  }));
  const placed = levels ? placeWords(words, levels).map((word, i) => withinWord(word, words[i])) : words;
  return { text, words: placed, score: mean(({ score }) => score), dropped, warnings, seconds };
}

/** In whole milliseconds. */
function meanTimes<Timed extends { readonly startMs: number; readonly endMs: number }>(
  timed: Timed,
  same: (aligned: AlignedParts) => { readonly startMs: number; readonly endMs: number },
  mean: (value: (aligned: AlignedParts) => number) => number,
): Timed {
  const startMs = Math.round(mean((aligned) => same(aligned).startMs));
  return { ...timed, startMs, endMs: Math.round(mean((aligned) => same(aligned).endMs)) };
}

/** By what one model says. */
function alignParts(
  parts: readonly TimedEmission[],
  text: string,
  alphabet: Alphabet,
  seconds: number,
  levels?: SoundLevels,
): AlignedParts {
  const { rows, steps } = withSilence(parts, alphabet);
  const prices = levels && stepPrices(steps, levels);
  const aligned = alignText(joinBlocks(rows), text, alphabet, prices);
  const timed = <Timed extends { startStep: number; endStep: number }>(one: Timed) => {
    const { startStep, endStep, ...rest } = one;
    const endMs = Math.min(steps[endStep - 1].endMs, 1000 * seconds);
    return { ...rest, startMs: steps[startStep].startMs, endMs };
  };
  const words = aligned.words.map(({ symbols, ...word }) => ({
    ...timed(word),
    characters: symbols.map(timed),
  }));
  return { words, score: aligned.score };
}

/** All rows, with a certain blank for the silence that the model did not hear, between two parts. */
function withSilence(
  parts: readonly TimedEmission[],
  { size, blank }: Alphabet,
): { readonly rows: readonly Float32Array[]; readonly steps: readonly TimedStep[] } {
  const rows: Float32Array[] = [];
  const steps: TimedStep[] = [];
  for (const { startMs, stepMs, rows: heard } of parts) {
    const silentFrom = steps.at(-1)?.endMs ?? startMs;
    if (startMs - silentFrom >= stepMs) {
      rows.push(new Float32Array(size).fill(-Infinity).fill(0, blank, blank + 1));
      steps.push({ startMs: silentFrom, endMs: startMs });
    }
    rows.push(heard);
    for (let step = 0; step < heard.length / size; step++)
      steps.push({ startMs: startMs + step * stepMs, endMs: startMs + (step + 1) * stepMs });
  }
  return { rows, steps };
}

type AlignedWords = Alignment["words"];

/** Symbols where they were emitted as far as that is within the word, else at equal parts of the way through it. */
function withinWord(word: AlignedWords[number], emitted: Word): AlignedWords[number] {
  const overlap = {
    startMs: Math.max(word.startMs, emitted.startMs),
    endMs: Math.min(word.endMs, emitted.endMs),
  };
  const { startMs, endMs } = overlap.endMs > overlap.startMs ? overlap : word;
  const scale = (endMs - startMs) / Math.max(1, emitted.endMs - emitted.startMs);
  const at = (ms: number) => Math.round(startMs + (ms - emitted.startMs) * scale);
  const characters = word.characters.map((symbol) => {
    return { ...symbol, startMs: at(symbol.startMs), endMs: at(symbol.endMs) };
  });
  return { ...word, characters };
}

/** The alignment knows no recordings. */
function naming(where: string, align: () => AlignedParts): AlignedParts {
  try {
    return align();
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    throw error.with({ where });
  }
}
