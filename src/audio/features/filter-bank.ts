// Triangular filters over a power spectrum, equally spaced in mel (HTK's formula, Young et al., The HTK Book, 5.4) or
// in hertz (Deep Speech, section 5). Peaks are 1: no normalization by width.
// A spectrum line lies between two neighboring peaks: it belongs to the filter that falls there and to the one that rises,
// and its two weights add up to 1. So each line is looked at once.

export interface FilterBank {
  /** [F + 2] First line of each stretch from edge to edge: filter f rises over stretch f and falls over stretch f + 1. */
  readonly first: Int32Array;
  /** [lines] Weight of each line in the filter that rises there. */
  readonly rising: Float64Array;
}

export interface FilterSpacing {
  readonly scale: "mel" | "hertz";
  readonly bins: number;
  readonly lowestHz: number;
  readonly highestHz: number;
}

export interface FilterBankShape extends FilterSpacing {
  readonly fftSize: number;
  readonly sampleRateHz: number;
}

export function buildFilterBank(shape: FilterBankShape): FilterBank {
  const { hertzAt } = filterEdges(shape);
  const edges = Array.from({ length: shape.bins + 2 }, (_, edge) => hertzAt(edge));
  const lineHz = shape.sampleRateHz / shape.fftSize;
  const lines = shape.fftSize / 2 + 1;
  const first = Int32Array.from(edges, (hertz) => Math.min(lines, Math.floor(hertz / lineHz) + 1));
  const rising = new Float64Array(lines);
  for (let stretch = 0; stretch + 1 < edges.length; stretch++) {
    const [low, high] = edges.slice(stretch, stretch + 2);
    for (let line = first[stretch]; line < first[stretch + 1]; line++) {
      rising[line] = (line * lineHz - low) / (high - low);
    }
  }
  return { first, rising };
}

/** The energy under each filter. @param power of each line @param output [F], or more of which the rest stays */
export function applyFilterBank(
  { first, rising }: FilterBank,
  power: Float64Array,
  output: Float64Array,
): void {
  let below = 0; // what the filter that falls now has gathered where it rose
  for (let stretch = 0; stretch + 1 < first.length; stretch++) {
    let risen = 0;
    let fallen = 0;
    for (let line = first[stretch]; line < first[stretch + 1]; line++) {
      const part = rising[line] * power[line];
      risen += part;
      fallen += power[line] - part;
    }
    if (stretch > 0) output[stretch - 1] = below + fallen;
    below = risen;
  }
}

/**
 * Edges 0 … F + 1 are equally spaced from the lowest frequency to the highest: filter f rises from edge f to its peak at
 * edge f + 1 and falls to edge f + 2. Places between edges are fractions.
 */
export function filterEdges({ scale, bins, lowestHz, highestHz }: FilterSpacing) {
  const { fromHertz, toHertz } = AXES[scale];
  const low = fromHertz(lowestHz);
  const step = (fromHertz(highestHz) - low) / (bins + 1);
  return {
    hertzAt: (edge: number) => toHertz(low + edge * step),
    edgeAt: (hertz: number) => (fromHertz(hertz) - low) / step,
  };
}

/** On which filters are equally spaced. */
const AXES = {
  mel: { fromHertz: hertzToMel, toHertz: melToHertz },
  hertz: { fromHertz: Number, toHertz: Number },
};

function hertzToMel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function melToHertz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
