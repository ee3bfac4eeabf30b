// Can the features be what they are said to be? Only from their settings: mel filters above the Nyquist frequency or
// narrower than a line of the spectrum are empty, and a rate that is not the recordings' stretches everything.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, FeatureFacts } from "../evidence/batch-evidence.ts";
import { count } from "../../brief.ts";

export const featureFacts: Check<BatchEvidence> = check({
  name: "the feature settings fit the recordings",
  finds: {
    RATE_MISMATCH: ["recordings", 80],
    MEL_ABOVE_NYQUIST: ["features", 10],
    EMPTY_MEL_FILTERS: ["features", 20],
  },
  needs: ["features"],
  run: ({ features }): Verdict => {
    if (features.sampleRateHz === undefined && features.audioRateHz === undefined) {
      return { cannotTell: "features.sample_rate and audio_rate, in Hz" };
    }
    const found = [rateMismatch(features), aboveNyquist(features), emptyFilters(features)].filter(
      (each) => each !== undefined,
    );
    return found.length > 0 ? found : "healthy";
  },
});

function rateMismatch({ sampleRateHz, audioRateHz }: FeatureFacts): Finding | undefined {
  if (sampleRateHz === undefined || audioRateHz === undefined || sampleRateHz === audioRateHz)
    return undefined;
  return finding({
    code: "RATE_MISMATCH",
    severity: "wrong",
    diagnosis:
      "Features are computed as if the recordings had another sample rate: every frequency and duration is off by that factor.",
    evidence: [`features for ${sampleRateHz} Hz, recordings of ${audioRateHz} Hz`],
    remedy:
      "Resample the recordings to the rate of the features, or set the features to that of the recordings.",
  });
}

function aboveNyquist({ sampleRateHz, audioRateHz, highestHz }: FeatureFacts): Finding | undefined {
  const rate = Math.min(sampleRateHz ?? Infinity, audioRateHz ?? Infinity);
  if (highestHz === undefined || highestHz <= rate / 2) return undefined;
  return finding({
    code: "MEL_ABOVE_NYQUIST",
    severity: "wrong",
    diagnosis:
      "Mel filters reach above half the sample rate, where recordings hold nothing: the upper filters are empty or constant.",
    evidence: [`f_max ${highestHz} Hz, sample rate ${rate} Hz, so nothing above ${rate / 2} Hz`],
    remedy: `Set f_max to at most ${rate / 2} Hz.`,
  });
}

const melOf = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700); // HTK
const hertzOf = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);

function emptyFilters({
  sampleRateHz,
  audioRateHz,
  highestHz,
  lowestHz = 0,
  melBins,
  fftSize,
}: FeatureFacts) {
  const rate = sampleRateHz ?? audioRateHz!;
  const top = Math.min(highestHz ?? rate / 2, rate / 2);
  if (melBins === undefined || fftSize === undefined || !(top > lowestHz)) return undefined;
  const [from, to] = [melOf(lowestHz), melOf(top)];
  const edge = (i: number): number => hertzOf(from + ((to - from) * i) / (melBins + 1));
  const line = rate / fftSize;
  const empty = Array.from({ length: melBins }, (_, i) => i).filter((i) => {
    const first = Math.floor(edge(i) / line) + 1; // the first line above the filter's lower edge
    return first * line >= edge(i + 2);
  });
  if (empty.length === 0) return undefined;
  return finding({
    code: "EMPTY_MEL_FILTERS",
    severity: "warning",
    diagnosis: `${count(empty.length, "mel filter")} of ${melBins} cover no line of the spectrum and are always empty.`,
    evidence: [
      `lines are ${line.toFixed(1)} Hz apart; the first empty filter spans ${edge(empty[0]).toFixed(0)} to ${edge(empty[0] + 2).toFixed(0)} Hz`,
    ],
    remedy: "Use fewer mel filters, or a longer FFT window.",
  });
}
