// Where pieces of a long recording meet. Each was given with a second of its neighbour, so both say what was said around the
// place where they were cut. The seam is where both say that nothing is being spelled, in the widest such gap near that
// place: what lies before it is the left one's, what follows is the right one's, and so no word is lost or said twice.

import type { Emission } from "../ctc/index.ts";
import type { Alphabet } from "../text/index.ts";
import type { PlacedPart } from "./recording-parts.ts";

/** What of a recording a model was given at once. */
export interface SoundSpan {
  readonly startMs: number;
  readonly endMs?: number;
  /** Whether it goes on into another piece. */
  readonly isJoined?: boolean;
}

/** What is kept of a piece until it is known where it ends: its part, where it meets no other. */
export type Kept<Part> = { readonly part: Part } | { readonly emissions: readonly Emission[] };

interface HeldPiece {
  readonly startMs: number;
  readonly endMs: number;
  readonly emissions: readonly Emission[];
  readonly followsSeam?: true;
}

/** The pieces of a recording in their order, each a part as soon as both of its ends are known. */
export class SeamStream<Part> {
  readonly #alphabet: Alphabet;
  readonly #take: (emissions: readonly Emission[]) => Part;
  #held: HeldPiece | undefined;

  constructor(alphabet: Alphabet, take: (emissions: readonly Emission[]) => Part) {
    this.#alphabet = alphabet;
    this.#take = take;
  }

  /** Where the piece begins whose end is not known yet. */
  get heldFromMs(): number | undefined {
    return this.#held?.startMs;
  }

  /** To be called as soon as a model has said what it says, in any order of pieces. */
  keep(emissions: readonly Emission[], { isJoined }: SoundSpan): Kept<Part> {
    return isJoined ? { emissions } : { part: this.#take(emissions) };
  }

  push({ startMs, endMs = startMs }: SoundSpan, kept: Kept<Part>): PlacedPart<Part>[] {
    if ("part" in kept) return [...this.finish(), { startMs, part: kept.part }];
    const { emissions } = kept;
    if (!this.#held || this.#held.endMs <= startMs) {
      const ended = this.finish();
      this.#held = { startMs, endMs, emissions };
      return ended;
    }
    const { followsSeam, ...left } = this.#held;
    const seamMs = findSeam(left, { startMs, endMs, emissions }, this.#alphabet);
    const part = this.#take(
      left.emissions.map((own) => rowsUntil(own, seamMs - left.startMs, this.#alphabet.size)),
    );
    const own = emissions.map((each) => rowsFrom(each, seamMs - startMs, this.#alphabet.size));
    const firstMs = startMs + stepsUntil(seamMs - startMs, emissions[0]) * emissions[0].stepMs;
    this.#held = { startMs: firstMs, endMs, emissions: own, followsSeam: true };
    return [{ startMs: left.startMs, part, ...(followsSeam && { followsSeam }) }];
  }

  /** Ends the recording. */
  finish(): PlacedPart<Part>[] {
    const held = this.#held;
    this.#held = undefined;
    if (!held) return [];
    const { startMs, emissions, followsSeam } = held;
    return [{ startMs, part: this.#take(emissions), ...(followsSeam && { followsSeam }) }];
  }
}

const stepsUntil = (ms: number, { stepMs }: Emission): number => Math.max(0, Math.ceil(ms / stepMs));

function rowsUntil(emission: Emission, ms: number, symbols: number): Emission {
  return { ...emission, rows: emission.rows.subarray(0, symbols * stepsUntil(ms, emission)) };
}

function rowsFrom(emission: Emission, ms: number, symbols: number): Emission {
  return { ...emission, rows: emission.rows.subarray(symbols * stepsUntil(ms, emission)) };
}

/** A step in which this much probability is that nothing is spelled. */
const NOTHING_SPELLED = 0.9;
/** A gap with a space in it lies between words; a breath within a word may be as long as one without. */
const SPACE_BONUS_MS = 200;
/** Both ends of what both were given are left out: there one of the two has no surroundings. */
const LEFT_OUT = 0.25;

interface Gap {
  readonly from: number;
  readonly to: number;
  readonly score: number;
}

/** In ms from the beginning of the recording; told by the first model. */
function findSeam(left: HeldPiece, right: HeldPiece, alphabet: Alphabet): number {
  const overlapMs = left.endMs - right.startMs;
  const fromMs = right.startMs + LEFT_OUT * overlapMs;
  const toMs = left.endMs - LEFT_OUT * overlapMs;
  const { stepMs } = left.emissions[0];
  const steps = Math.max(1, Math.floor((toMs - fromMs) / stepMs));
  const rows = Array.from({ length: steps }, (_, n) => {
    const [a, b] = [left, right].map((piece) => unspelledAt(piece, fromMs + n * stepMs, alphabet));
    return { nothing: Math.min(a.nothing, b.nothing), space: Math.min(a.space, b.space) };
  });
  const bonus = SPACE_BONUS_MS / stepMs;
  const gap = widestGap(rows, bonus) ?? quietestStep(rows);
  return fromMs + ((gap.from + gap.to) / 2) * stepMs;
}

interface Unspelled {
  /** The probability that no letter is being spelled. */
  readonly nothing: number;
  /** Of it, that of a space. */
  readonly space: number;
}

function unspelledAt(
  { startMs, emissions: [{ rows, stepMs }] }: HeldPiece,
  ms: number,
  alphabet: Alphabet,
): Unspelled {
  const at = alphabet.size * Math.round((ms - startMs) / stepMs);
  if (at < 0 || at >= rows.length) return { nothing: 1, space: 0 };
  const space = Math.exp(rows[at + alphabet.symbols.indexOf(" ")] ?? -Infinity);
  return { nothing: Math.exp(rows[at + alphabet.blank]) + space, space };
}

function widestGap(rows: readonly Unspelled[], bonus: number): Gap | undefined {
  const gaps: Gap[] = [];
  for (let from = 0, to; from < rows.length; from = to + 1) {
    to = from;
    while (to < rows.length && rows[to].nothing >= NOTHING_SPELLED) to++;
    const hasSpace = rows.slice(from, to).some(({ space }) => space > 0.5);
    if (to > from) gaps.push({ from, to, score: to - from + (hasSpace ? bonus : 0) });
  }
  return gaps.toSorted((a, b) => b.score - a.score)[0];
}

function quietestStep(rows: readonly Unspelled[]): Gap {
  const from = rows.reduce((best, { nothing }, n) => (nothing > rows[best].nothing ? n : best), 0);
  return { from, to: from, score: 0 };
}
