// The power spectrum of src/audio/features/power-spectrum.ts without WebAssembly: the same sums in the same order.

import { FourierTransform } from "../../src/audio/fourier-transform.ts";

/** [N / 2 + 1] Of a signal of N samples, zeros behind the window included. */
export function plainSpectrum(samples: Float32Array, window: Float64Array, size: number): Float64Array {
  const fourier = new FourierTransform(size / 2);
  const [re, im] = [new Float64Array(size / 2), new Float64Array(size / 2)]; // even and odd samples
  window.forEach((weight, n) => ((n % 2 === 0 ? re : im)[n >> 1] = (samples[n] * weight) / 2));
  fourier.transform(re, im);
  return untangled(
    re.map((_, k) => re[fourier.place[k]]),
    im.map((_, k) => im[fourier.place[k]]),
  );
}

function untangled(re: Float64Array, im: Float64Array): Float64Array {
  const half = re.length;
  const power = new Float64Array(half + 1);
  power[0] = 4 * (re[0] + im[0]) ** 2;
  power[half] = 4 * (re[0] - im[0]) ** 2;
  for (let k = 1, mirror = half - 1; k <= mirror; k++, mirror--) {
    const [cosine, sine] = [Math.cos((Math.PI * k) / half), Math.sin((Math.PI * k) / half)];
    const [evenRe, evenIm] = [re[k] + re[mirror], im[k] - im[mirror]];
    const [oddRe, oddIm] = [im[k] + im[mirror], re[mirror] - re[k]];
    const [turnedRe, turnedIm] = [cosine * oddRe + sine * oddIm, cosine * oddIm - sine * oddRe];
    power[k] = (evenRe + turnedRe) ** 2 + (evenIm + turnedIm) ** 2;
    power[mirror] = (evenRe - turnedRe) ** 2 + (evenIm - turnedIm) ** 2;
  }
  return power;
}
