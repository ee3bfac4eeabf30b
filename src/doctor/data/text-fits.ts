// How well each text fits its recording, as a trained model hears it: the CTC loss of the text against the losses of texts
// of other rows under the same recording. Those are of recordings of similar length, so that they could be its text.

import { joinBlocks } from "../../tensor.ts";
import { ctcLoss, greedyDecode, minimumSteps } from "../../ctc/index.ts";
import type { Utterance } from "../../data/index.ts";
import { rowsOfUtterances } from "../../evaluation/index.ts";
import type { Recognizer } from "../../recognizer/index.ts";
import { alignSequences, type Alphabet } from "../../text/index.ts";
import { median } from "../../quantiles.ts";

export interface TextFit {
  readonly row: Utterance;
  /** −ln p of its own text, in nats; Infinity where the recording has too few steps for it. */
  readonly own: number;
  /** Of texts of other rows, in nats: the middle one, and the least. */
  readonly others: number;
  readonly bestOther: number;
  /** What the model hears, greedily. */
  readonly heard: string;
  /** Where its own text fits badly: how many rows further on the text stands that fits well, if one does. */
  readonly rowsTo?: number;
}

interface Heard {
  readonly row: Utterance;
  readonly labels: Int32Array;
  /** [T', V] */
  readonly logits: Float32Array;
  readonly steps: number;
}

/** Texts of others to hold against; more where the first say that a text does not fit. */
const [OTHERS, MORE_OTHERS] = [6, 24];
/** Of what texts of others lose: above, a text fits no better than chance. */
export const MISFIT = 0.5;

interface FitOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Of rows whose recordings can be read and whose texts the model can spell, in their order; of several models, by the first. */
export async function measureTextFits(
  recognizer: Recognizer,
  utterances: readonly Utterance[],
  { onProgress, signal }: FitOptions = {},
): Promise<TextFit[]> {
  const progress = ({ done, total }: { done: number; total: number }) => onProgress?.(done, total);
  const measured = await rowsOfUtterances(recognizer, utterances, { signal, onProgress: progress });
  const { alphabet } = recognizer.model;
  const heard = measured.utterances.map(({ utterance, reference, recording }): Heard => {
    const logits = joinBlocks(recording.parts.map(({ part: [first] }) => first.rows));
    const labels = alphabet.encode(reference);
    return { row: utterance, labels, logits, steps: logits.length / alphabet.size };
  });
  return fitTexts(heard, alphabet);
}

/** @param rows in the order of the manifest */
export function fitTexts(rows: readonly Heard[], alphabet: Alphabet): TextFit[] {
  const ranked = rows.toSorted((a, b) => a.steps - b.steps);
  const placeIn = new Map(rows.map((row, i) => [row, i]));
  let placed = 0;
  return ranked
    .flatMap((one, rank) => {
      const own = lossOf(one, one.labels, alphabet);
      const few = othersOf(ranked, rank, OTHERS).map((labels) => lossOf(one, labels, alphabet));
      if (few.length === 0) return []; // all rows say the same
      const isMisfit = own > MISFIT * median(few);
      const losses = isMisfit
        ? othersOf(ranked, rank, MORE_OTHERS).map((labels) => lossOf(one, labels, alphabet))
        : few;
      const fit = { row: one.row, own, others: median(losses), bestOther: Math.min(...losses) };
      return [{ place: placeIn.get(one)!, fit: { ...fit, heard: greedyText(one, alphabet) } }];
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ place, fit }) =>
      isMisfitting(fit) && placed++ < MOST_PLACED ? { ...fit, ...placeOf(fit, place, rows, alphabet) } : fit,
    );
}

/** Whether a text fits no better than texts of others do. */
export function isMisfitting({ own, others, bestOther }: TextFit): boolean {
  return own > MISFIT * others && own > bestOther;
}

/** Different texts of recordings next in length that fit into this one's steps. */
function othersOf(ranked: readonly Heard[], rank: number, most: number): Int32Array[] {
  const { labels, steps } = ranked[rank];
  const seen = new Set([String(labels)]);
  const others: Int32Array[] = [];
  for (let apart = 1; apart < ranked.length && others.length < most; apart++) {
    for (const { labels: text } of [ranked[rank - apart], ranked[rank + apart]].filter(Boolean)) {
      if (seen.has(String(text)) || minimumSteps(text) > steps || text.length === 0) continue;
      seen.add(String(text));
      others.push(text);
    }
  }
  return others;
}

function lossOf({ logits, steps }: Heard, labels: Int32Array, { size, blank }: Alphabet): number {
  if (steps < Math.max(1, minimumSteps(labels))) return Infinity;
  return ctcLoss({ logits, steps: [steps], labels: [labels], symbols: size, blank }).losses[0];
}

function greedyText({ logits, steps }: Heard, alphabet: Alphabet): string {
  const { size: symbols, blank } = alphabet;
  return alphabet.decode(greedyDecode(logits, { steps: [steps], symbols, blank })[0]).trim(); // a word piece begins with a space
}

// ── Whose text it is ────────────────────────────────────────────────────────────────────────────────────────────

const MOST_PLACED = 100; // rows, for each is held against all texts
const MOST_WRONG = 0.3; // of the letters of what is heard

/** The row whose text is most like what the model hears; of several the nearest. */
function placeOf({ heard }: TextFit, place: number, rows: readonly Heard[], alphabet: Alphabet) {
  const letters = [...alphabet.encode(heard)];
  const limit = MOST_WRONG * letters.length;
  const candidates = rows
    .map(({ labels }, i) => ({ labels, rowsTo: i - place }))
    .filter(({ labels, rowsTo }) => rowsTo !== 0 && Math.abs(labels.length - letters.length) < limit)
    .map(({ labels, rowsTo }) => ({ rowsTo, errors: alignSequences([...labels], letters).errors }))
    .filter(({ errors }) => errors < limit);
  const nearest = candidates.toSorted(
    (a, b) => a.errors - b.errors || Math.abs(a.rowsTo) - Math.abs(b.rowsTo),
  );
  return nearest.length > 0 ? { rowsTo: nearest[0].rowsTo } : {};
}
