// The weights of the beam search that make the fewest errors (Hannun et al. 2014, section 2.2: α and β are set on a
// held-out set): tried one after the other on log-probabilities that were computed once. Knows nothing of files.

import { BeamDecoder, GreedyDecoder, type Decoder, type Knowledge } from "../ctc/index.ts";
import { nextTurn } from "../platform/index.ts";
import type { DecodingOptions, Recognizer } from "../recognizer/index.ts";
import { errorRates, type ErrorRates } from "../text/index.ts";
import type { UtteranceRows } from "./utterance-rows.ts";

/** Every α with every β and every beam. */
export interface TuningGrid {
  readonly alphas: readonly number[];
  readonly betas: readonly number[];
  readonly beams: readonly number[];
}

export interface TuningPoint {
  readonly alpha: number;
  readonly beta: number;
  readonly beam: number;
  readonly wer: number;
  readonly cer: number;
}

export interface Tuning {
  readonly best: TuningPoint;
  /** The grids in the order in which they were tried, each with its points. */
  readonly stages: readonly { readonly grid: TuningGrid; readonly points: readonly TuningPoint[] }[];
  /** What the model does without a search. */
  readonly greedy: ErrorRates;
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

/**
 * Tries a grid; then, if `refine`, a finer one around its best.
 * @throws what `BeamDecoder` throws, and the signal's reason
 */
export async function tune(
  recognizer: Recognizer,
  utterances: readonly UtteranceRows[],
  grid: TuningGrid,
  refine: boolean,
  options: TuneOptions = {},
): Promise<Tuning> {
  const { alphabet } = recognizer.model;
  const greedy = await ratesOf(recognizer, utterances, new GreedyDecoder(alphabet), options.signal);
  const coarse = await tryGrid(recognizer, utterances, grid, options);
  const stages = [{ grid, points: coarse }];
  if (refine) {
    const fine = gridAround(bestOf(coarse), grid);
    stages.push({ grid: fine, points: await tryGrid(recognizer, utterances, fine, options) });
  }
  return { best: bestOf(stages.flatMap(({ points }) => points)), stages, greedy };
}

/**
 * The fewest word errors; at a tie the fewest wrong characters (the loss, which sets epochs apart, is the same for all
 * points), then the smaller beam, as it is faster, then the weights that change the network's own scores least.
 */
export function bestOf(points: readonly TuningPoint[]): TuningPoint {
  return points.toSorted(
    (a, b) =>
      a.wer - b.wer ||
      a.cer - b.cer ||
      a.beam - b.beam ||
      a.alpha - b.alpha ||
      Math.abs(a.beta) - Math.abs(b.beta),
  )[0];
}

async function tryGrid(
  recognizer: Recognizer,
  utterances: readonly UtteranceRows[],
  { alphas, betas, beams }: TuningGrid,
  { settings, signal, onPoint, ...knowledge }: TuneOptions,
): Promise<TuningPoint[]> {
  const { alphabet, transcript } = recognizer.model;
  const spelled = { transcript, ...knowledge };
  const points: TuningPoint[] = [];
  const total = beams.length * alphas.length * betas.length;
  for (const beam of beams)
    for (const alpha of alphas)
      for (const beta of betas) {
        const decoder = new BeamDecoder(alphabet, { ...settings, alpha, beta, beam, nBest: 1 }, spelled);
        const { wer, cer } = await ratesOf(recognizer, utterances, decoder, signal);
        points.push({ alpha, beta, beam, wer, cer });
        onPoint?.(points[points.length - 1], points.length, total);
      }
  return points;
}

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
function gridAround({ alpha, beta, beam }: TuningPoint, { alphas, betas }: TuningGrid): TuningGrid {
  const [alphaStep, betaStep] = [stepOf(alphas), stepOf(betas)];
  const around = (center: number, step: number, parts: readonly number[]) =>
    parts.map((part) => Number((center + part * step).toFixed(6)));
  return {
    alphas: around(alpha, alphaStep, [-0.5, -0.25, 0, 0.25, 0.5]).filter((value) => value >= 0),
    betas: around(beta, betaStep, [-0.5, 0, 0.5]),
    beams: [beam],
  };
}

/** The smallest distance of neighbors. */
function stepOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const steps = sorted.slice(1).map((value, i) => value - sorted[i]);
  return Math.min(1, ...steps.filter((step) => step > 0));
}
