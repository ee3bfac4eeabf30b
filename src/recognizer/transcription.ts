// What the recognizer says of a recording: its text, its words with their times, and what else it may have been; put
// together from the pieces that were decoded one by one. Knows nothing of audio or networks.

import type { SoundLevels } from "../audio/index.ts";
import type { DecodedText, Meaning, RejectedText, TimedWord } from "../ctc/index.ts";
import type { Warning } from "../errors.ts";
import type { AcousticModel } from "../model/index.ts";
import type { RecordingParts } from "./recording-parts.ts";
import { placeWords } from "./word-edges.ts";

export interface Word {
  readonly text: string;
  /** From the beginning of the recording, whole. */
  readonly startMs: number;
  readonly endMs: number;
  /** The probability, to the models, that this stretch spells this word and nothing else; 0 to 1. */
  readonly confidence: number;
}

/** One text that a recording may have. */
export interface Alternative extends Meaning {
  readonly text: string;
  /** Words in their order, never overlapping; single symbols where the alphabet has no space. */
  readonly words: readonly Word[];
  /** The decoder's score, in nats. */
  readonly score: number;
}

export interface Transcription extends Meaning {
  readonly text: string;
  readonly words: readonly Word[];
  /** The best texts, the best first: `text` itself, and others where the decoder was asked for more than one. */
  readonly alternatives: readonly Alternative[];
  /**
   * Of a calibrated model: how likely it is that the text was said at all, 0 to 1; of several pieces the mean over those that
   * have text, 0 without any.
   */
  readonly confidence?: number;
  /**
   * Why there is no text, where something was said and nothing accepted: of a calibrated model, and of any where no sentence of the
   * grammar was said. Of several pieces that which was nearest to it.
   */
  readonly rejected?: RejectedText;
  /** What is worth knowing of the recording, such as a missing end. */
  readonly warnings: readonly Warning[];
  /** Length of the recording. */
  readonly seconds: number;
  /** Where pieces of a long recording were put together while somebody may have spoken. */
  readonly seamsMs?: readonly number[];
}

/** One text for each piece so far, as a list from the last to the first. */
interface Choice {
  readonly score: number;
  readonly piece: number;
  readonly text: DecodedText;
  readonly before?: Choice;
}

/** What a decoder stream says in the end, with the words that it handed out before. */
export function withEarlierWords(
  decoded: DecodedText,
  earlier: readonly TimedWord[],
  separator: string,
): DecodedText {
  if (decoded.meaning === null) return decoded; // no sentence of the grammar after all
  const texts = [...earlier.map(({ text }) => text), decoded.text].filter((text) => text !== "");
  return { ...decoded, text: texts.join(separator), words: [...earlier, ...decoded.words] };
}

/** The texts of a recording's parts, put together. */
export function transcriptionOf(
  { parts, warnings, seconds, levels }: RecordingParts<readonly DecodedText[]>,
  { alphabet, stepMs }: Pick<AcousticModel, "alphabet" | "stepMs">,
): Transcription {
  const starts = [...parts.map(({ startMs }) => startMs), 1000 * seconds];
  const alternatives = new Map<string, Alternative>(); // the first of equals is the best
  const choices = bestChoices(parts.map(({ part }) => part));
  for (const choice of choices) {
    const alternative = alternativeOf(choice, starts, stepMs, alphabet.separator, levels);
    if (!alternatives.has(alternative.text)) alternatives.set(alternative.text, alternative);
  }
  const [{ score: _, ...best }] = alternatives.values();
  const seamsMs = parts.filter(({ followsSeam }) => followsSeam).map(({ startMs }) => Math.round(startMs));
  return {
    ...best,
    alternatives: [...alternatives.values()],
    ...judgmentOf(parts.map(({ part: [likeliest] }) => likeliest)),
    warnings: [...warnings, ...sentenceWarnings(choices[0])],
    seconds,
    ...(seamsMs.length > 0 && { seamsMs }),
  };
}

/** Of parts that were to be sentences of a grammar each. */
function sentenceWarnings(best: Choice | undefined): Warning[] {
  const texts = inOrder(best).map(({ text }) => text);
  const unfit = texts.filter(({ meaning }) => meaning === null).length;
  const sentences = texts.filter(({ text, meaning }) => meaning && text !== "").length;
  const where = texts.length > 1 ? ` in ${unfit} of its ${texts.length} parts` : "";
  return [
    ...(unfit === 0
      ? []
      : [{ code: "NO_SENTENCE", message: `No sentence of the grammar fits what was said${where}.` }]),
    ...(sentences < 2
      ? []
      : [
          {
            code: "SEVERAL_SENTENCES",
            message: `It was heard as ${sentences} sentences of the grammar, one in each part: what they mean is given only of a recording with one.`,
          },
        ]),
  ];
}

/** Of the only sentence there is. */
function meaningOf(last: Choice | undefined): Meaning {
  const said = inOrder(last).filter(({ text }) => text.text !== "");
  return (said.length === 1 && said[0].text.meaning) || {};
}

/** What a decoder that rejects says of the best texts of all pieces. */
function judgmentOf(pieces: readonly DecodedText[]): Pick<Transcription, "confidence" | "rejected"> {
  const isJudged = ({ confidence }: DecodedText) => confidence !== undefined;
  const spoken = pieces.filter(({ text }) => text !== "");
  if (spoken.length > 0) {
    const sum = spoken.reduce((total, { confidence = 1 }) => total + confidence, 0);
    return spoken.some(isJudged) ? { confidence: sum / spoken.length } : {};
  }
  const [nearest] = pieces
    .flatMap(({ rejected }) => rejected ?? [])
    .toSorted((a, b) => b.confidence - a.confidence);
  if (nearest) return { confidence: nearest.confidence, rejected: nearest };
  return pieces.some(isJudged) ? { confidence: 0 } : {};
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
  levels?: SoundLevels,
): Alternative {
  const texts: string[] = [];
  const words: Word[] = [];
  for (const { piece, text } of inOrder(last)) {
    if (text.text !== "") texts.push(text.text);
    for (const word of text.words) words.push(timedInMs(word, starts[piece], starts[piece + 1], stepMs));
  }
  return {
    text: texts.join(separator),
    words: levels ? placeWords(words, levels) : words,
    score: last?.score ?? 0,
    ...meaningOf(last),
  };
}

/** @param startMs of its part @param endMs no time lies after it */
export function timedInMs(
  { text, startStep, endStep, confidence }: TimedWord,
  startMs: number,
  endMs: number,
  stepMs: number,
): Word {
  const ms = (step: number) => Math.round(Math.min(startMs + step * stepMs, endMs));
  return { text, startMs: ms(startStep), endMs: ms(endStep), confidence };
}

function inOrder(last: Choice | undefined): Choice[] {
  const choices: Choice[] = [];
  for (let choice = last; choice; choice = choice.before) choices.push(choice);
  return choices.toReversed();
}
