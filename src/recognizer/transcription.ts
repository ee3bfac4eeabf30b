// What the recognizer says of a recording: its text, its words with their times, and what else it may have been; put
// together from the pieces that were decoded one by one. Knows nothing of audio or networks.

import type { DecodedText } from "../ctc/index.ts";
import type { Warning } from "../errors.ts";
import type { Listened } from "./listening.ts";

export interface Word {
  readonly text: string;
  /** From the beginning of the recording, whole. */
  readonly startMs: number;
  readonly endMs: number;
  /** The probability, to the models, that this stretch spells this word and nothing else; 0 to 1. */
  readonly confidence: number;
}

/** One text that a recording may have. */
export interface Alternative {
  readonly text: string;
  /** Words in their order, never overlapping; single symbols where the alphabet has no space. */
  readonly words: readonly Word[];
  /** The decoder's score, in nats. */
  readonly score: number;
}

export interface Transcription {
  readonly text: string;
  readonly words: readonly Word[];
  /** The best texts, the best first: `text` itself, and others where the decoder was asked for more than one. */
  readonly alternatives: readonly Alternative[];
  /** What is worth knowing of the recording, such as a missing end. */
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
}

/** One text for each piece so far, as a list from the last to the first. */
interface Choice {
  readonly score: number;
  readonly piece: number;
  readonly text: DecodedText;
  readonly before?: Choice;
}

/** @param separator between the texts of pieces, which end between words where the alphabet has words */
export function transcriptionOf(
  { parts, warnings, seconds }: Listened<readonly DecodedText[]>,
  stepMs: number,
  separator: string,
): Transcription {
  const starts = [...parts.map(({ startMs }) => startMs), 1000 * seconds];
  const alternatives = new Map<string, Alternative>(); // the first of equals is the best
  for (const choice of bestChoices(parts.map(({ part }) => part))) {
    const alternative = alternativeOf(choice, starts, stepMs, separator);
    if (!alternatives.has(alternative.text)) alternatives.set(alternative.text, alternative);
  }
  const [best] = alternatives.values();
  return { text: best.text, words: best.words, alternatives: [...alternatives.values()], warnings, seconds };
}

/** As many as the decoder gave for a piece. */
function bestChoices(pieces: readonly (readonly DecodedText[])[]): (Choice | undefined)[] {
  const count = Math.max(1, ...pieces.map((texts) => texts.length));
  let choices: (Choice | undefined)[] = [undefined];
  for (const [piece, texts] of pieces.entries()) {
    choices = choices
      .flatMap((before) =>
        texts.map((text) => ({ score: (before?.score ?? 0) + text.score, piece, text, before })),
      )
      .toSorted((a, b) => b.score - a.score)
      .slice(0, count);
  }
  return choices;
}

/** @param starts of each piece, and the end of the recording, in ms */
function alternativeOf(
  last: Choice | undefined,
  starts: readonly number[],
  stepMs: number,
  separator: string,
): Alternative {
  const texts: string[] = [];
  const words: Word[] = [];
  for (const { piece, text } of inOrder(last)) {
    if (text.text !== "") texts.push(text.text);
    const ms = (step: number) => Math.round(Math.min(starts[piece] + step * stepMs, starts[piece + 1]));
    for (const { text: word, startStep, endStep, confidence } of text.words)
      words.push({ text: word, startMs: ms(startStep), endMs: ms(endStep), confidence });
  }
  return { text: texts.join(separator), words, score: last?.score ?? 0 };
}

function inOrder(last: Choice | undefined): Choice[] {
  const choices: Choice[] = [];
  for (let choice = last; choice; choice = choice.before) choices.push(choice);
  return choices.toReversed();
}
