// Forced alignment of a recording: a text that is known, spelled as the model's transcripts were, and the time at which
// each word and each symbol of it was said. The rows of a long recording come in pieces, but it is aligned as a whole.

import { joinBlocks } from "../audio/index.ts";
import { alignText } from "../ctc/index.ts";
import type { AlignedText } from "../ctc/index.ts";
import { EarshotError } from "../errors.ts";
import type { Warning } from "../errors.ts";
import type { AcousticModel } from "../model/index.ts";
import { normalizeTranscript } from "../text/index.ts";
import type { RecordingParts } from "./rows.ts";
import type { Word } from "./transcription.ts";

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

/** @throws UNKNOWN_SYMBOL, IMPOSSIBLE_ALIGNMENT, TOO_LONG_TO_ALIGN, at `where` */
export function alignRecording(
  { parts, warnings, seconds }: RecordingParts<Float32Array>,
  written: string,
  { alphabet, transcript, stepMs }: AcousticModel,
  where: string,
): Alignment {
  const { text, dropped } = normalizeTranscript(written, alphabet, transcript, `text for ${where}`);
  const aligned = naming(where, () => alignText(joinBlocks(parts.map(({ part }) => part)), text, alphabet));
  const starts = parts.flatMap(({ startMs, part }) =>
    Array.from({ length: part.length / alphabet.size }, (_, step) => startMs + step * stepMs),
  );
  const endMs = (endStep: number) => Math.round(Math.min(starts[endStep - 1] + stepMs, 1000 * seconds));
  const timed = <Timed extends { startStep: number; endStep: number }>({
    startStep,
    endStep,
    ...rest
  }: Timed) => {
    return { ...rest, startMs: Math.round(starts[startStep]), endMs: endMs(endStep) };
  };
  const words = aligned.words.map(({ symbols, ...word }) => ({
    ...timed(word),
    characters: symbols.map(timed),
  }));
  return { text, words, score: aligned.score, dropped, warnings, seconds };
}

/** The alignment knows no recordings. */
function naming(where: string, align: () => AlignedText): AlignedText {
  try {
    return align();
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    throw error.with({ where });
  }
}
