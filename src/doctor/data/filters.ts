// Whether every filter of a mel or linear bank sees something: filters beyond half of the sample rate see nothing, and
// narrow ones may fall between two lines of the spectrum. Feature settings of any framework can be asked about.

import { check, finding, type Check } from "../finding.ts";
import type { Probes } from "../examination.ts";

/** Feature settings as any framework has them. */
export interface FilterSettings {
  readonly sampleRateHz: number;
  readonly fftSize: number;
  readonly bins: number;
  readonly lowestHz: number;
  readonly highestHz: number;
  /** mel by HTK's formula when not told. */
  readonly scale?: "mel" | "hertz";
}

export interface FilterEvidence {
  readonly filters?: FilterSettings;
}

export const FILTER_PROBES: Probes<FilterEvidence> = {
  filters:
    "the feature settings: sample rate, size of the FFT, number of filters, lowest and highest frequency",
};

const NYQUIST = 0.5;

const nyquist = check<FilterEvidence, "filters">({
  name: "filters end below half of the sample rate",
  codes: ["FILTERS_ABOVE_NYQUIST"],
  needs: ["filters"],
  run: ({ filters }) => {
    const { sampleRateHz, highestHz, bins } = filters;
    const limit = NYQUIST * sampleRateHz;
    if (highestHz <= limit) return "healthy";
    const above = filterEdgesHz(filters)
      .slice(1, -1)
      .filter((peak) => peak > limit).length;
    return [
      finding({
        code: "FILTERS_ABOVE_NYQUIST",
        severity: "wrong",
        diagnosis: `Filters reach ${highestHz} Hz, but audio of ${sampleRateHz} Hz holds nothing above ${limit} Hz.`,
        evidence: [`${above} of ${bins} filters have their peak above ${limit} Hz and are always empty`],
        remedy: `Set the highest frequency to ${limit} Hz at most, or resample the audio.`,
      }),
    ];
  },
});

const emptyFilters = check<FilterEvidence, "filters">({
  name: "every filter covers a line of the spectrum",
  codes: ["EMPTY_FILTERS"],
  needs: ["filters"],
  run: ({ filters }) => {
    const { sampleRateHz, fftSize, bins, highestHz } = filters;
    const edges = filterEdgesHz({ ...filters, highestHz: Math.min(highestHz, NYQUIST * sampleRateHz) });
    const lineHz = sampleRateHz / fftSize;
    const isEmpty = (low: number, high: number): boolean => (Math.floor(low / lineHz) + 1) * lineHz >= high;
    const empty = Array.from({ length: bins }, (_, f) => f).filter((f) => isEmpty(edges[f], edges[f + 2]));
    if (empty.length === 0) return "healthy";
    return [
      finding({
        code: "EMPTY_FILTERS",
        severity: "wrong",
        diagnosis: "Filters fall between two lines of the spectrum: their features never change.",
        evidence: [
          `${empty.length} of ${bins} filters, the first is number ${empty[0] + 1}: ${edges[empty[0]].toFixed(0)} to ${edges[empty[0] + 2].toFixed(0)} Hz, where lines are ${lineHz.toFixed(1)} Hz apart`,
        ],
        remedy: "Use fewer filters, a longer FFT or a wider band.",
      }),
    ];
  },
});

/** [bins + 2]; filter f rises from edge f to its peak at edge f + 1 and falls to edge f + 2 (The HTK Book, 5.4). */
function filterEdgesHz({ bins, lowestHz, highestHz, scale = "mel" }: FilterSettings): number[] {
  const toMel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const toHertz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);
  const [to, from] = scale === "mel" ? [toMel, toHertz] : [Number, Number];
  const step = (to(highestHz) - to(lowestHz)) / (bins + 1);
  return Array.from({ length: bins + 2 }, (_, edge) => from(to(lowestHz) + edge * step));
}

export const filterChecks: readonly Check<FilterEvidence>[] = [nyquist, emptyFilters];
