// What the settings of features come to in numbers: window, lines, filters, floors. For those who compute the same frames
// elsewhere, such as a program that is exported; the stages of this folder have them at hand.

import { cepstralTransform } from "./cepstrum.ts";
import { bankOf, type FeatureSettings, fftSizeOf, samplesOf } from "./feature-settings.ts";
import type { FilterBank } from "./filter-bank.ts";
import { LEAST_SPEECH_DEVIATION } from "./normalize.ts";
import { FLOOR, POWER_FLOOR } from "./silent-frames.ts";
import { taper } from "./spectral-frames.ts";
import { speechRule, type SpeechRule } from "./speech-frames.ts";
import { LEAST_DEVIATION } from "./statistics.ts";

export interface FrontEndNumbers {
  /** [W], the taper of a frame. */
  readonly taper: Float64Array;
  /** From one frame to the next, in samples. */
  readonly hop: number;
  readonly preEmphasis: number;
  readonly fftSize: number;
  /** L, of the spectrum. */
  readonly lines: number;
  /** Filters, and where they stand. */
  readonly bins: number;
  readonly bank: FilterBank;
  /** Whether the energy of the frame follows the filters. */
  readonly hasEnergy: boolean;
  /** [coefficients, bins] */
  readonly cepstrum?: Float64Array;
  /** The least power, and its logarithm as float32 has it. */
  readonly powerFloor: number;
  readonly floor: number;
  readonly leastDeviation: number;
  readonly speech: SpeechRule & { readonly leastDeviation: number };
}

export function frontEndNumbers(settings: FeatureSettings): FrontEndNumbers {
  const fftSize = fftSizeOf(settings);
  return {
    taper: taper(settings.window, samplesOf(settings.windowMs)),
    hop: samplesOf(settings.hopMs),
    preEmphasis: settings.preEmphasis,
    fftSize,
    lines: fftSize / 2 + 1,
    bins: settings.bins,
    bank: bankOf(settings),
    hasEnergy: settings.kind === "linear",
    ...(settings.kind === "mfcc" && { cepstrum: cepstralTransform(settings) }),
    powerFloor: POWER_FLOOR,
    floor: FLOOR,
    leastDeviation: LEAST_DEVIATION,
    speech: { ...speechRule(settings), leastDeviation: LEAST_SPEECH_DEVIATION },
  };
}
