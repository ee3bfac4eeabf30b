// Triangular filters over a power spectrum, equally spaced in mel (HTK's formula, Young et al., The HTK Book, 5.4) or
// in hertz (Deep Speech, section 5). Peaks are 1: no normalization by width.
// Stored sparse: each filter touches a few neighboring spectrum lines only.

export interface FilterBank {
  /** [F] first spectrum line of each filter */
  readonly first: Int32Array;
  /** [F + 1] where each filter's weights begin in `weights` */
  readonly offset: Int32Array;
  readonly weights: Float64Array;
}

export interface FilterBankShape {
  readonly scale: "mel" | "hertz";
  readonly bins: number;
  readonly lowestHz: number;
  readonly highestHz: number;
  readonly fftSize: number;
  readonly sampleRateHz: number;
}

export function buildFilterBank(shape: FilterBankShape): FilterBank {
  const edges = filterEdgesHz(shape); // [F + 2]
  const lineHz = shape.sampleRateHz / shape.fftSize;
  const lines = shape.fftSize / 2 + 1;
  const first = new Int32Array(shape.bins);
  const offset = new Int32Array(shape.bins + 1);
  const weights: number[] = [];
  for (let bin = 0; bin < shape.bins; bin++) {
    const [low, center, high] = edges.slice(bin, bin + 3);
    first[bin] = Math.floor(low / lineHz) + 1;
    for (let line = first[bin]; line < lines && line * lineHz < high; line++) {
      const hertz = line * lineHz;
      weights.push(Math.min((hertz - low) / (center - low), (high - hertz) / (high - center)));
    }
    offset[bin + 1] = weights.length;
  }
  return { first, offset, weights: Float64Array.from(weights) };
}

/** Filter f rises from edge f to its peak at edge f + 1 and falls to edge f + 2. */
function filterEdgesHz({ scale, bins, lowestHz, highestHz }: FilterBankShape): number[] {
  const [to, from] = scale === "mel" ? [hertzToMel, melToHertz] : [Number, Number];
  const low = to(lowestHz);
  const step = (to(highestHz) - low) / (bins + 1);
  return Array.from({ length: bins + 2 }, (_, edge) => from(low + edge * step));
}

function hertzToMel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function melToHertz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
