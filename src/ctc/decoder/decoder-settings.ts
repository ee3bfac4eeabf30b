// The settings of the beam search. Logarithms are natural, so that scores of the network need no conversion.

import { z } from "../../settings.ts";

export const decoderSettings = z.strictObject({
  alpha: z
    .number()
    .min(0)
    .default(0.5)
    .describe("α, the weight of the language model (Hannun et al. 2014, eq. 12); tune it on dev"),
  beta: z
    .number()
    .default(1)
    .describe(
      "β, added for each word (Hannun et al. 2014, eq. 12), or for each symbol where the alphabet has no space; tune it on dev",
    ),
  beam: z.int().min(1).default(100).describe("Beginnings of texts kept after each step"),
  beamMargin: z
    .number()
    .min(0)
    .default(1000)
    .describe("How far below the best a beginning may score and be kept, in nats; less is faster"),
  symbolFloor: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Probability below which a symbol is left out of a step; more is faster"),
  symbolMass: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("The likeliest symbols of a step are tried until their probabilities add up to this"),
  symbolLimit: z.int().min(1).optional().describe("Symbols tried at a step at most, all when not set"),
  dictionary: z
    .boolean()
    .default(false)
    .describe("Only words of the language model (or of the vocabulary given), and hot words"),
  unknownWordPenalty: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "Taken off for each word that is in no vocabulary and no hot word, in nats, beyond what the model says",
    ),
  nBest: z.int().min(1).default(1).describe("Texts given back, the best first"),
});
export type DecoderSettings = z.output<typeof decoderSettings>;
