// The discrete Fourier transform of a complex signal whose length is a power of two, in place: radix 4, decimation in
// frequency (Oppenheim & Schafer, Discrete-Time Signal Processing, section 9.4), the last step of radix 2 where the length is
// no power of four. Lines come out of order, since most callers look at each once and can do so in any. Real and imaginary
// parts lie apart: one index serves both, and the two exchanged are the inverse.

export class FourierTransform {
  /** [N] Where each line lies after `transform`. */
  readonly place: Int32Array;
  readonly #size: number;
  /** Of each stage but the last, [n / 4, 6]: cosine and sine of the turns by W^p, W^2p and W^3p, with W = exp(−2πi / n). */
  readonly #turns: readonly Float64Array[];

  /** @param size N, a power of two of at least 2 */
  constructor(size: number) {
    this.#size = size;
    this.place = placesOf(size);
    this.#turns = stagesOf(size).map(turnsOf);
  }

  /**
   * X[k] = Σ x[n] exp(−2πi kn / N); X[k] then lies at `place[k]`. With `im` and `re` exchanged it is the inverse, times N.
   * @param re @param im [N] the signal, in order; overwritten
   */
  transform(re: Float64Array, im: Float64Array): void {
    let n = this.#size;
    for (const turns of this.#turns) {
      quarter(re, im, n, turns);
      n >>= 2;
    }
    if (n === 4) fours(re, im);
    else pairs(re, im);
  }
}

/** The lengths that are split in four with turns: those above 4. */
export function stagesOf(size: number): number[] {
  return size > 4 ? [size, ...stagesOf(size / 4)] : [];
}

/** Line k lies where line ⌊k / 4⌋ of the quarter k mod 4 does. */
function placesOf(size: number): Int32Array {
  if (size <= 4) return Int32Array.from({ length: size }, (_, k) => k);
  const places = placesOf(size / 4);
  return Int32Array.from({ length: size }, (_, k) => (k % 4) * (size / 4) + places[k >> 2]);
}

export function turnsOf(size: number): Float64Array {
  return Float64Array.from({ length: 6 * (size / 4) }, (_, at) => {
    const angle = (-2 * Math.PI * Math.floor(at / 6) * (1 + ((at % 6) >> 1))) / size;
    return at % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}

/** Each block of n becomes four of n / 4: block k mod 4 has the lines k of the one that it came from. */
function quarter(re: Float64Array, im: Float64Array, n: number, turns: Float64Array): void {
  const size = re.length;
  const step = n >> 2;
  for (let block = 0; block < size; block += n) {
    for (let p = 0, at = 0; p < step; p++, at += 6) {
      const cos1 = turns[at];
      const sin1 = turns[at + 1];
      const cos2 = turns[at + 2];
      const sin2 = turns[at + 3];
      const cos3 = turns[at + 4];
      const sin3 = turns[at + 5];
      const a = (block + p) | 0;
      const b = (a + step) | 0; // | 0: without a check for overflow
      const c = (b + step) | 0;
      const d = (c + step) | 0;
      const aRe = re[a];
      const aIm = im[a];
      const bRe = re[b];
      const bIm = im[b];
      const cRe = re[c];
      const cIm = im[c];
      const dRe = re[d];
      const dIm = im[d];
      const sumRe = aRe + cRe;
      const sumIm = aIm + cIm;
      const differenceRe = aRe - cRe;
      const differenceIm = aIm - cIm;
      const otherRe = bRe + dRe;
      const otherIm = bIm + dIm;
      const turnedRe = bIm - dIm;
      const turnedIm = dRe - bRe;
      re[a] = sumRe + otherRe;
      im[a] = sumIm + otherIm;
      const firstRe = differenceRe + turnedRe;
      const firstIm = differenceIm + turnedIm;
      const secondRe = sumRe - otherRe;
      const secondIm = sumIm - otherIm;
      const thirdRe = differenceRe - turnedRe;
      const thirdIm = differenceIm - turnedIm;
      re[b] = firstRe * cos1 - firstIm * sin1;
      im[b] = firstRe * sin1 + firstIm * cos1;
      re[c] = secondRe * cos2 - secondIm * sin2;
      im[c] = secondRe * sin2 + secondIm * cos2;
      re[d] = thirdRe * cos3 - thirdIm * sin3;
      im[d] = thirdRe * sin3 + thirdIm * cos3;
    }
  }
}

/** The lines of each four, which need no turns. */
function fours(re: Float64Array, im: Float64Array): void {
  for (let a = 0; a < re.length; a += 4) {
    const b = (a + 1) | 0;
    const c = (a + 2) | 0;
    const d = (a + 3) | 0;
    const aRe = re[a];
    const aIm = im[a];
    const bRe = re[b];
    const bIm = im[b];
    const cRe = re[c];
    const cIm = im[c];
    const dRe = re[d];
    const dIm = im[d];
    const sumRe = aRe + cRe;
    const sumIm = aIm + cIm;
    const differenceRe = aRe - cRe;
    const differenceIm = aIm - cIm;
    const otherRe = bRe + dRe;
    const otherIm = bIm + dIm;
    const turnedRe = bIm - dIm;
    const turnedIm = dRe - bRe;
    re[a] = sumRe + otherRe;
    im[a] = sumIm + otherIm;
    re[b] = differenceRe + turnedRe;
    im[b] = differenceIm + turnedIm;
    re[c] = sumRe - otherRe;
    im[c] = sumIm - otherIm;
    re[d] = differenceRe - turnedRe;
    im[d] = differenceIm - turnedIm;
  }
}

/** The lines of each two. */
function pairs(re: Float64Array, im: Float64Array): void {
  for (let a = 0; a < re.length; a += 2) {
    const b = (a + 1) | 0;
    const otherRe = re[b];
    const otherIm = im[b];
    re[b] = re[a] - otherRe;
    im[b] = im[a] - otherIm;
    re[a] += otherRe;
    im[a] += otherIm;
  }
}
