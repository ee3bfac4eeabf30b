// The settings of features, what they mean in samples and filters, and how many numbers a frame has. The stages that
// compute frames (spectral-frames.ts, deltas.ts, normalize.ts) read them; nothing is computed here.

import { z } from "../../settings.ts";
import {
  applyFilterBank,
  buildFilterBank,
  filterEdges,
  type FilterBank,
  type FilterSpacing,
} from "./filter-bank.ts";
import { SAMPLE_RATE_HZ } from "../resample.ts";

const NYQUIST_HZ = SAMPLE_RATE_HZ / 2;

export const featureSettings = z
  .strictObject({
    kind: z
      .enum(["log-mel", "linear", "mfcc"])
      .default("log-mel")
      .describe(
        "log-mel: filters spaced in mel (HTK); linear: spaced in hertz, and the frame's energy (Deep Speech); mfcc: cepstral coefficients of log-mel.",
      ),
    bins: z.int().min(1).max(512).default(80).describe("Number of filters; Deep Speech used 80 and 160."),
    coefficients: z
      .int()
      .min(1)
      .max(512)
      .default(13)
      .describe("mfcc: number of cepstral coefficients, the 0th included; at most bins."),
    lifter: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe("mfcc: HTK's lifter, which evens out the coefficients; 0 is none, 22 is usual."),
    deltas: z
      .int()
      .min(0)
      .max(2)
      .default(0)
      .describe("1 appends each value's slope over time, 2 the slope of the slope too."),
    deltaFrames: z
      .int()
      .min(1)
      .max(20)
      .default(2)
      .describe("Frames on either side that a slope is fitted to; frames come so much later."),
    windowMs: z.number().min(1).max(500).default(20).describe("Length of a frame in ms (Deep Speech: 20)."),
    hopMs: z
      .number()
      .min(1)
      .max(500)
      .default(10)
      .describe("From the start of one frame to the next in ms (Deep Speech: 10)."),
    window: z.enum(["hann", "hamming"]).default("hann").describe("Taper of each frame."),
    preEmphasis: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe("a in y[n] = x[n] - a x[n - 1]; 0 is off, 0.97 is usual."),
    lowestHz: z.number().min(0).max(NYQUIST_HZ).default(0).describe("Where the first filter begins, in Hz."),
    highestHz: z
      .number()
      .min(0)
      .max(NYQUIST_HZ)
      .default(NYQUIST_HZ)
      .describe("Where the last filter ends, in Hz."),
    level: z
      .enum(["recorded", "utterance"])
      .default("recorded")
      .describe(
        "recorded: as it is; utterance: scaled so that the mean log energy of the loudest fifth of its frames is 0, whatever the microphone's gain; frames then come at its end, a long recording's piece by piece. What stays below -60 dB is not raised to speech.",
      ),
    normalization: z
      .enum(["utterance", "global", "speaker", "causal", "speech", "none"])
      .default("utterance")
      .describe(
        "Mean 0 and deviation 1 per bin, over: the utterance; the training set; the speaker (once trained: the recording, beside the training set); what came before, beside the training set (for streams); what is said in the utterance, beside the training set, whatever is around it and however loud it is, and where nobody speaks for 300 ms nothing is shown (speech: the default of training with data.augmentation: real-world, but for mfcc, and for networks that follow live speech, which take causal); or not at all.",
      ),
    priorFrames: z
      .number()
      .min(1)
      .max(1e6)
      .default(100)
      .describe("speaker, causal, speech: how many frames the statistics of the training set count for."),
  })
  .superRefine((settings, context) => {
    if (context.issues.length > 0) return; // single values are out of range already
    if (settings.hopMs > settings.windowMs) {
      context.addIssue({ code: "custom", path: ["hopMs"], message: "hopMs must not exceed windowMs" });
    }
    if (settings.kind === "mfcc" && settings.coefficients > settings.bins) {
      context.addIssue({
        code: "custom",
        path: ["coefficients"],
        message: "coefficients must not exceed bins",
      });
    }
    if (settings.kind === "mfcc" && settings.normalization === "speech") {
      context.addIssue({
        code: "custom",
        path: ["normalization"],
        message:
          'speech is found by the energies of filters, which "mfcc" no longer has: use "log-mel" or "linear"',
      });
    }
    const empty = emptyFilter(settings);
    if (empty >= 0) {
      const message = `filter ${empty + 1} of ${settings.bins} covers no line of the spectrum: use fewer bins, a wider band or a longer window`;
      context.addIssue({ code: "custom", path: ["bins"], message });
    }
  });

export type FeatureSettings = z.output<typeof featureSettings>;

/** Values of one frame before deltas: the coefficients; or the bins, and one more for the energy of the linear kind. */
export function staticSize(settings: Pick<FeatureSettings, "kind" | "bins" | "coefficients">): number {
  if (settings.kind === "mfcc") return settings.coefficients;
  return settings.kind === "linear" ? settings.bins + 1 : settings.bins;
}

/** F: all values of one frame. */
export function featureSize(
  settings: Pick<FeatureSettings, "kind" | "bins" | "coefficients" | "deltas">,
): number {
  return staticSize(settings) * (1 + settings.deltas);
}

export function samplesOf(milliseconds: number): number {
  return Math.round((milliseconds * SAMPLE_RATE_HZ) / 1000);
}

/** The next power of two: 512 for 20 ms. */
export function fftSizeOf(settings: Pick<FeatureSettings, "windowMs">): number {
  return 2 ** Math.ceil(Math.log2(samplesOf(settings.windowMs)));
}

type BankSettings = Pick<FeatureSettings, "kind" | "bins" | "windowMs" | "lowestHz" | "highestHz">;

export function bankOf(settings: BankSettings): FilterBank {
  const fftSize = fftSizeOf(settings);
  return buildFilterBank({ ...spacingOf(settings), fftSize, sampleRateHz: SAMPLE_RATE_HZ });
}

/** Where the filters stand on the axis of frequencies. */
export const edgesOf = (settings: BankSettings) => filterEdges(spacingOf(settings));

/** [bins] Where each filter has its peak, in Hz. */
export function peaksHz(settings: BankSettings): number[] {
  const { hertzAt } = edgesOf(settings);
  return Array.from({ length: settings.bins }, (_, bin) => hertzAt(bin + 1));
}

function spacingOf({ kind, bins, lowestHz, highestHz }: BankSettings): FilterSpacing {
  return { scale: kind === "linear" ? "hertz" : "mel", bins, lowestHz, highestHz };
}

/** The first filter without any spectrum line under it, or -1. */
function emptyFilter(settings: BankSettings): number {
  if (settings.highestHz <= settings.lowestHz) return 0;
  const energies = new Float64Array(settings.bins);
  applyFilterBank(bankOf(settings), new Float64Array(fftSizeOf(settings) / 2 + 1).fill(1), energies);
  return energies.indexOf(0);
}
