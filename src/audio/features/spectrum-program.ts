// A power spectrum in WebAssembly: the transform (transform-program.ts) and its untangling, two lines at a time, emitted for one
// size and one window.

import { stagesOf, turnsOf } from "../fourier-transform.ts";
import { type Code, f64x2, FunctionBody, load, minus, shuffle } from "../../web-assembly.ts";
import {
  combine,
  type Complex,
  emitLoad,
  emitTransform,
  type ComplexPlace,
  type TransformLayout,
  VECTOR,
  WORD,
} from "./transform-program.ts";

const { add, subtract, multiply } = f64x2;

export interface SpectrumProgram {
  /** [window] The signal goes in here. */
  readonly samples: Float32Array;
  /** [N / 2 + 1] Power of each line between the first and the last, after `run`. */
  readonly power: Float64Array;
  /** [N / 2] The transform of even and odd samples, in order. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly run: () => void;
}

/** Throws where WebAssembly is forbidden. @param size N, at least 16 @param window half of each weight, N at most */
export function spectrumProgram(size: number, window: Float64Array): SpectrumProgram {
  const half = size / 2;
  const layout = layoutOf(size);
  const body = new FunctionBody();
  const transformed = emitTransform(body, { size, length: window.length }, layout);
  emitUntangling(body, size, layout, transformed);
  const { memory, run } = body.start(layout.end);
  const numbers = (at: number, length: number) => new Float64Array(memory.buffer, at, length);
  const weights = [numbers(layout.even, half), numbers(layout.odd, half)];
  window.forEach((weight, n) => (weights[n % 2][n >> 1] = weight));
  const angles = Float64Array.from({ length: size / 4 + 1 }, (_, k) => (2 * Math.PI * k) / size);
  numbers(layout.cosines, angles.length).set(angles.map(Math.cos));
  numbers(layout.sines, angles.length).set(angles.map(Math.sin));
  for (const [stage, n] of stagesOf(half).entries()) {
    const turns = turnsOf(n);
    numbers(layout.turns[stage], turns.length).set(
      turns.map((_, at) => turns[6 * (at % (n / 4)) + Math.floor(at / (n / 4))]),
    );
  }
  return {
    samples: new Float32Array(memory.buffer, layout.samples, window.length),
    power: numbers(layout.power, half + 1),
    re: numbers(transformed.re, half),
    im: numbers(transformed.im, half),
    run,
  };
}

// ── Memory ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Layout extends TransformLayout {
  readonly cosines: number;
  readonly sines: number;
  readonly power: number;
  readonly end: number;
}

function layoutOf(size: number): Layout {
  let end = 0;
  const take = (words: number) => {
    const at = end;
    end += WORD * (words + (words % 2));
    return at;
  };
  const half = size / 2;
  const place = () => ({ re: take(half), im: take(half) });
  return {
    samples: take(half),
    even: take(half),
    odd: take(half),
    buffers: [place(), place()],
    turns: stagesOf(half).map((n) => take(6 * (n / 4))),
    cosines: take(size / 4 + 2),
    sines: take(size / 4 + 2),
    power: take(half + 1),
    end,
  };
}

// ── Untangling ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * X[k] = E[k] + W^k O[k] and X[N/2 − k]* = E[k] − W^k O[k], with W = exp(−2πi / N), E and O of even and odd samples: lines k
 * and k + 1 with their mirrors, in pairs from 1 to N / 4.
 */
function emitUntangling(body: FunctionBody, size: number, layout: Layout, from: ComplexPlace): void {
  const half = size / 2;
  // Mirrors lie at M − k − 1 and M − k: addresses fall from that of the first on.
  const exchange = (vector: Code) => shuffle(vector, vector, 8, [1, 0]);
  body.loop(WORD, (half / 2 + 1) * WORD, VECTOR, (k) => {
    const mirror = body.keepAddress(minus((half - 1) * WORD, k));
    const a = emitLoad(body, k, 0, from);
    const loaded = emitLoad(body, mirror, 0, from);
    const b = { re: body.keep(exchange(loaded.re)), im: body.keep(exchange(loaded.im)) };
    const [cosine, sine] = [body.keep(load(k, layout.cosines)), body.keep(load(k, layout.sines))];
    const even = { re: body.keep(add(a.re, b.re)), im: body.keep(subtract(a.im, b.im)) };
    const odd = { re: body.keep(add(a.im, b.im)), im: body.keep(subtract(b.re, a.re)) };
    const turned = {
      re: body.keep(add(multiply(cosine, odd.re), multiply(sine, odd.im))),
      im: body.keep(subtract(multiply(cosine, odd.im), multiply(sine, odd.re))),
    };
    body.store(k, layout.power, emitPower(body, combine(add, even, turned)));
    const mirrored = body.keep(emitPower(body, combine(subtract, even, turned)));
    body.store(mirror, layout.power, exchange(mirrored));
  });
}

function emitPower(body: FunctionBody, line: Complex): Code {
  const re = body.keep(line.re);
  const im = body.keep(line.im);
  return add(multiply(re, re), multiply(im, im));
}
