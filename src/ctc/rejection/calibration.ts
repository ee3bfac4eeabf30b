// What was learned of how utterances differ from all else: weights of the evidence, and the confidence from which on a text
// is accepted. It travels in the model file (`earshot tune --reject`). Knows nothing of how it was found.

import { parseSettings, z } from "../../settings.ts";
import { EVIDENCE, type Evidence, type EvidenceName } from "./evidence.ts";

const weights = Object.fromEntries(EVIDENCE.map((name) => [name, z.number().default(0)])) as Record<
  EvidenceName,
  z.ZodDefault<z.ZodNumber>
>;

const rejectionTable = z.strictObject({
  weights: z.strictObject(weights).describe("Of each piece of evidence, in 1/nats."),
  bias: z.number().describe("Added to the weighted evidence: what is above 0 is more likely an utterance."),
  threshold: z.number().min(0).max(1).describe("Texts of less confidence are rejected: 0 rejects nothing."),
  falseAcceptsPerHour: z.number().min(0).optional().describe("What the threshold was set for."),
  calibratedWith: z
    .enum(["any text", "grammar"])
    .optional()
    .describe(
      "Which texts there were: a threshold for the sentences of a grammar may be too low for any text.",
    ),
});

/** What tells utterances from all else. */
export type Rejection = Readonly<z.output<typeof rejectionTable>>;

/** @throws UNKNOWN_SETTING, INVALID_SETTING */
export const parseRejection = (input: unknown, where: string): Rejection =>
  parseSettings(rejectionTable, input, where);

/**
 * How likely it is that the text was said at all, to the recordings that were calibrated on, were utterances and all else
 * equally frequent: 0 to 1.
 */
export function confidenceOf(
  evidence: Evidence,
  { weights, bias }: Pick<Rejection, "weights" | "bias">,
): number {
  const sum = EVIDENCE.reduce((total, name) => total + weights[name] * evidence[name], bias);
  return 1 / (1 + Math.exp(-sum));
}
