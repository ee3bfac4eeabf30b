// The weights of the beam search that make the fewest errors (Hannun et al. 2014, section 2.2: α and β are set on a
// held-out set) and the penalty of unknown words: tried one after the other on log-probabilities that were computed once.
// Knows nothing of files.

import {
  BeamDecoder,
  GreedyDecoder,
  USUAL_UNKNOWN_WORD_PENALTY,
  type Decoder,
  type DecoderInput,
  type Knowledge,
} from "../ctc/index.ts";
import type { Warning } from "../errors.ts";
import { nextTurn } from "../platform/index.ts";
import type { DecodingOptions, Recognizer } from "../recognizer/index.ts";
import { errorRates, type ErrorRates } from "../text/index.ts";
import type { UtteranceRows } from "./utterance-rows.ts";

/** Every α with every β, every penalty of unknown words and every beam. */
export interface TuningGrid {
  readonly alphas: readonly number[];
  readonly betas: readonly number[];
  readonly beams: readonly number[];
  /** The decoder's own when not given. */
  readonly penalties?: readonly number[];
}

export interface TuningPoint {
  readonly alpha: number;
  readonly beta: number;
  readonly beam: number;
  readonly unknownWordPenalty: number;
  readonly wer: number;
  readonly cer: number;
}

export interface Tuning {
  readonly best: TuningPoint;
  /** The grids in the order in which they were tried, each with its points. */
  readonly stages: readonly { readonly grid: TuningGrid; readonly points: readonly TuningPoint[] }[];
  /** What the model does without a search. */
  readonly greedy: ErrorRates;
  /** What of vocabulary, hot words and language model is left out. */
  readonly warnings: readonly Warning[];
}

export interface TuneOptions extends Knowledge {
  /** The settings that stay as they are. */
  readonly settings?: DecodingOptions["settings"];
  /** Stops by throwing the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onPoint?: (point: TuningPoint, done: number, total: number) => void;
}

/** Steps of 0.5 and 1: a valley of the WER is wider. */
export const COARSE_ALPHAS: readonly number[] = [0, 0.5, 1, 1.5, 2];
export const COARSE_BETAS: readonly number[] = [0, 1, 2, 3, 4, 5, 6];
export const COARSE_PENALTIES: readonly number[] = [0, 2, 4, 6, 9, 12];

/**
 * Tries a grid; then, if `refine`, the coarse penalties of unknown words at its best, where the grid leaves them open and
 * there are any, and a finer grid around the best of all: three searches on lines and planes, not one in space.
 * @throws what `BeamDecoder` throws, and the signal's reason
 */
export async function tuneWeights(
  recognizer: Recognizer,
  utterances: readonly UtteranceRows[],
  grid: TuningGrid,
  refine: boolean,
  options: TuneOptions = {},
): Promise<Tuning> {
  const { alphabet } = recognizer.model;
  const { warnings } = decoderOf(recognizer, options, {});
  const greedy = await ratesOf(recognizer, utterances, new GreedyDecoder(alphabet), options.signal);
  const stages: { grid: TuningGrid; points: TuningPoint[] }[] = [];
  const best = (): TuningPoint => bestOf(stages.flatMap(({ points }) => points));
  const attempt = async (next: TuningGrid): Promise<void> =>
    void stages.push({ grid: next, points: await tryGrid(recognizer, utterances, next, options) });
  await attempt(grid);
  if (refine) {
    if (!grid.penalties && paysForUnknownWords(options))
      await attempt({ ...atPoint(best()), penalties: COARSE_PENALTIES });
    await attempt(gridAround(best(), grid));
  }
  return { best: best(), stages, greedy, warnings };
}

/**
 * The fewest word errors; at a tie the fewest wrong characters (the loss, which sets epochs apart, is the same for all
 * points), then the smaller beam, as it is faster, then the weights that change the network's own scores least, then the penalty nearest to the usual one.
 */
export function bestOf(points: readonly TuningPoint[]): TuningPoint {
  return points.toSorted(
    (a, b) =>
      a.wer - b.wer ||
      a.cer - b.cer ||
      a.beam - b.beam ||
      a.alpha - b.alpha ||
      Math.abs(a.beta) - Math.abs(b.beta) ||
      Math.abs(a.unknownWordPenalty - USUAL_UNKNOWN_WORD_PENALTY) -
        Math.abs(b.unknownWordPenalty - USUAL_UNKNOWN_WORD_PENALTY),
  )[0];
}

/** The weights given win over the settings. */
function decoderOf(
  { model: { alphabet, transcript } }: Recognizer,
  { settings, signal: _signal, onPoint: _onPoint, ...knowledge }: TuneOptions,
  weights: DecoderInput,
): BeamDecoder {
  return new BeamDecoder(alphabet, { ...settings, ...weights, nBest: 1 }, { transcript, ...knowledge });
}

async function tryGrid(
  recognizer: Recognizer,
  utterances: readonly UtteranceRows[],
  grid: TuningGrid,
  options: TuneOptions,
): Promise<TuningPoint[]> {
  const points: TuningPoint[] = [];
  const weights = weightsOf(grid);
  for (const given of weights) {
    const decoder = decoderOf(recognizer, options, given);
    const { wer, cer } = await ratesOf(recognizer, utterances, decoder, options.signal);
    const { unknownWordPenalty } = decoder;
    points.push({ unknownWordPenalty, ...given, wer, cer });
    options.onPoint?.(points[points.length - 1], points.length, weights.length);
  }
  return points;
}

/** A penalty is not among them where the grid leaves it to the decoder. */
function weightsOf({ alphas, betas, beams, penalties }: TuningGrid) {
  const penalized = penalties?.map((unknownWordPenalty) => ({ unknownWordPenalty })) ?? [{}];
  return beams.flatMap((beam) =>
    penalized.flatMap((penalty) =>
      alphas.flatMap((alpha) => betas.map((beta) => ({ alpha, beta, beam, ...penalty }))),
    ),
  );
}

/** Whether a penalty that is not given could change a text: words can be unknown, and may be written. */
function paysForUnknownWords({ scorer, settings }: TuneOptions): boolean {
  return scorer?.unit === "word" && !settings?.dictionary && settings?.unknownWordPenalty === undefined;
}

const atPoint = ({ alpha, beta, beam, unknownWordPenalty }: TuningPoint): TuningGrid => {
  return { alphas: [alpha], betas: [beta], beams: [beam], penalties: [unknownWordPenalty] };
};

const UTTERANCES_BETWEEN_PAUSES = 16;

async function ratesOf(
  recognizer: Recognizer,
  utterances: readonly UtteranceRows[],
  decoder: Decoder,
  signal?: AbortSignal,
): Promise<ErrorRates> {
  const pairs: { reference: string; hypothesis: string }[] = [];
  for (const [i, { reference, recording }] of utterances.entries()) {
    if (i % UTTERANCES_BETWEEN_PAUSES === 0) await nextTurn(); // lets Ctrl-C and the progress line through
    signal?.throwIfAborted();
    pairs.push({ reference, hypothesis: recognizer.decode(recording, decoder).text });
  }
  return errorRates(pairs);
}

/** Half a step to each side, and a quarter for α, to which the errors are more sensitive. */
function gridAround(best: TuningPoint, { alphas, betas }: TuningGrid): TuningGrid {
  const { alpha, beta } = best;
  const [alphaStep, betaStep] = [stepOf(alphas), stepOf(betas)];
  const around = (center: number, step: number, parts: readonly number[]) =>
    parts.map((part) => Number((center + part * step).toFixed(6)));
  return {
    ...atPoint(best),
    alphas: around(alpha, alphaStep, [-0.5, -0.25, 0, 0.25, 0.5]).filter((value) => value >= 0),
    betas: around(beta, betaStep, [-0.5, 0, 0.5]),
  };
}

/** The smallest distance of neighbors. */
function stepOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const steps = sorted.slice(1).map((value, i) => value - sorted[i]);
  return Math.min(1, ...steps.filter((step) => step > 0));
}
