// The transform of spectrum-program.ts, in WebAssembly: that of fourier-transform.ts with the same sums, but from one pair of
// arrays into another, by which lines stay in order (Stockham's form; Van Loan, Computational Frameworks for the FFT, section
// 1.7). What zeros behind the window would add is left out.

import {
  type Code,
  f64x2,
  type FunctionBody,
  load,
  loadTwice,
  plus,
  shuffle,
  times,
} from "../../web-assembly.ts";

const { add, subtract, multiply, promoteLow } = f64x2;

/** Bytes of a float64, and of the two that a vector holds. */
export const WORD = 8;
export const VECTOR = 16;

/** Where complex numbers lie. */
export interface ComplexPlace {
  readonly re: number;
  readonly im: number;
}

/** Where things lie in memory, in bytes. */
export interface TransformLayout {
  /** float32 */
  readonly samples: number;
  /** Weights of even and of odd samples. */
  readonly even: number;
  readonly odd: number;
  /** What a stage reads, and what it writes. */
  readonly buffers: readonly [ComplexPlace, ComplexPlace];
  /** Of each stage, six arrays [n / 4]. */
  readonly turns: readonly number[];
}

/** Of a signal of so many real samples, of which those behind the first `length` are zeros. */
export interface SignalSize {
  readonly size: number;
  readonly length: number;
}

export interface Complex {
  readonly re: Code;
  readonly im: Code;
}

/** @returns where the lines lie */
export function emitTransform(body: FunctionBody, signal: SignalSize, layout: TransformLayout): ComplexPlace {
  const half = signal.size / 2;
  let [from, to] = layout.buffers;
  emitFirstStage(body, signal, layout, to);
  let [n, stride] = [half / 4, 4];
  for (const turns of layout.turns.slice(1)) {
    [from, to] = [to, from];
    emitStage(body, { n, stride, turns }, from, to);
    [n, stride] = [n / 4, 4 * stride];
  }
  emitLastStage(body, n, stride, to, from);
  return from;
}

/** Windows the samples, and splits them in four as `quarter` does. Two neighbors p and p + 1 at once. */
function emitFirstStage(
  body: FunctionBody,
  { size, length }: SignalSize,
  layout: TransformLayout,
  to: ComplexPlace,
): void {
  const step = size / 8;
  const used = Math.ceil(length / 4) * 2; // complex numbers that are not all zeros
  const ends = [2, 3].map((quarter) => Math.min(step, Math.max(0, used - quarter * step)));
  const bounds = [...new Set([0, ends[1], ends[0], step])];
  for (const [index, end] of bounds.slice(1).entries()) {
    const inputs = 2 + ends.filter((least) => end <= least).length;
    body.loop(bounds[index] * WORD, end * WORD, VECTOR, (p) => {
      const quarters = Array.from({ length: inputs }, (_, quarter) =>
        emitInput(body, p, quarter * step * WORD, layout),
      );
      const turn = emitTurn(body, p, layout.turns[0], step, load);
      const lines = turned(body, emitSums(body, quarters), turn);
      emitSideBySide(body, lines, body.keepAddress(times(p, 4)), to);
    });
  }
}

/** Two even and two odd samples under the window. */
function emitInput(
  body: FunctionBody,
  p: Code,
  offset: number,
  { samples, even, odd }: TransformLayout,
): Complex {
  const four = body.keep(load(p, samples + offset));
  const half = (first: number) => promoteLow(shuffle(four, four, 4, [first, first + 2, first, first + 2]));
  return {
    re: body.keep(multiply(half(0), load(p, even + offset))),
    im: body.keep(multiply(half(1), load(p, odd + offset))),
  };
}

/** The lines 0 to 3 of p come to lie side by side, and behind them those of p + 1. */
function emitSideBySide(
  body: FunctionBody,
  lines: readonly Complex[],
  address: Code,
  to: ComplexPlace,
): void {
  for (const part of ["re", "im"] as const) {
    const [first, second, third, fourth] = lines.map((line) => body.keep(line[part]));
    for (const neighbor of [0, 1]) {
      const words = [neighbor, neighbor + 2];
      body.store(address, to[part] + 2 * neighbor * VECTOR, shuffle(first, second, 8, words));
      body.store(address, to[part] + (2 * neighbor + 1) * VECTOR, shuffle(third, fourth, 8, words));
    }
  }
}

interface Stage {
  readonly n: number;
  /** Blocks side by side. */
  readonly stride: number;
  readonly turns: number;
}

/** y[q + s (4p + k)] ← line k of x[q + s (p + j n / 4)], j = 0 … 3, turned by W^pk. Two neighbors q and q + 1 at once. */
function emitStage(
  body: FunctionBody,
  { n, stride, turns }: Stage,
  from: ComplexPlace,
  to: ComplexPlace,
): void {
  const step = n / 4;
  body.loop(0, step * WORD, WORD, (p) => {
    const turn = emitTurn(body, p, turns, step, loadTwice);
    const first = body.keepAddress(times(p, stride));
    const target = body.keepAddress(times(p, 4 * stride));
    body.loop(0, stride * WORD, VECTOR, (q) => {
      const at = body.keepAddress(plus(first, q));
      const quarters = [0, 1, 2, 3].map((j) => emitLoad(body, at, j * step * stride * WORD, from));
      const lines = turned(body, emitSums(body, quarters), turn);
      emitStores(body, lines, body.keepAddress(plus(target, q)), stride, to);
    });
  });
}

/** Of blocks of 4, or of 2, without turns. */
function emitLastStage(
  body: FunctionBody,
  n: number,
  stride: number,
  from: ComplexPlace,
  to: ComplexPlace,
): void {
  body.loop(0, stride * WORD, VECTOR, (q) => {
    const parts = Array.from({ length: n }, (_, j) => emitLoad(body, q, j * stride * WORD, from));
    const [a, b] = parts;
    const pair = () => [combine(add, a, b), combine(subtract, a, b)];
    emitStores(body, n === 4 ? emitSums(body, parts) : pair(), q, stride, to);
  });
}

export function emitLoad(
  body: FunctionBody,
  address: Code,
  offset: number,
  { re, im }: ComplexPlace,
): Complex {
  return { re: body.keep(load(address, re + offset)), im: body.keep(load(address, im + offset)) };
}

function emitStores(
  body: FunctionBody,
  lines: readonly Complex[],
  address: Code,
  stride: number,
  to: ComplexPlace,
): void {
  for (const [k, { re, im }] of lines.entries()) {
    body.store(address, to.re + k * stride * WORD, re);
    body.store(address, to.im + k * stride * WORD, im);
  }
}

export const combine = (operation: (a: Code, b: Code) => Code, a: Complex, b: Complex): Complex => ({
  re: operation(a.re, b.re),
  im: operation(a.im, b.im),
});

/** The four lines of four numbers, of which the last two may be missing zeros. */
function emitSums(body: FunctionBody, [a, b, c, d]: readonly Complex[]): Complex[] {
  const keep = ({ re, im }: Complex): Complex => ({ re: body.keep(re), im: body.keep(im) });
  const sum = c ? keep(combine(add, a, c)) : a;
  const difference = c ? keep(combine(subtract, a, c)) : a;
  const other = d ? keep(combine(add, b, d)) : b;
  const rest = d ? keep(combine(subtract, b, d)) : b; // is turned by −i
  return [
    combine(add, sum, other),
    { re: add(difference.re, rest.im), im: subtract(difference.im, rest.re) },
    combine(subtract, sum, other),
    { re: subtract(difference.re, rest.im), im: add(difference.im, rest.re) },
  ];
}

/** Cosine and sine of the turns by W^p, W^2p and W^3p. */
function emitTurn(body: FunctionBody, p: Code, turns: number, step: number, read: typeof load): Code[] {
  return Array.from({ length: 6 }, (_, i) => body.keep(read(p, turns + i * step * WORD)));
}

function turned(
  body: FunctionBody,
  [first, ...others]: readonly Complex[],
  turn: readonly Code[],
): Complex[] {
  return [
    first,
    ...others.map((line, i) => {
      const [cosine, sine] = turn.slice(2 * i, 2 * i + 2);
      const re = body.keep(line.re);
      const im = body.keep(line.im);
      return {
        re: subtract(multiply(re, cosine), multiply(im, sine)),
        im: add(multiply(re, sine), multiply(im, cosine)),
      };
    }),
  ];
}
