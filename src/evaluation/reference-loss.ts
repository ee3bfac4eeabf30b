// How improbable a known text is to a recognizer: the CTC loss of the text, given a recording; of several models the
// weighted mean, which is what decoders combine too. It knows nothing of decoders.

import { joinBlocks } from "../tensor.ts";
import { ctcLoss, minimumSteps, type Emission } from "../ctc/index.ts";
import type { RecordingParts } from "../recognizer/index.ts";
import type { Alphabet } from "../text/index.ts";

/** −ln p(text) in nats, through all pieces; Infinity where the recording has too few steps for the text's symbols. */
export function referenceLoss(
  { parts }: RecordingParts<readonly Emission[]>,
  text: string,
  alphabet: Alphabet,
): number {
  const labels = alphabet.encode(text, "reference");
  return parts[0].part.reduce((sum, { weight }, m) => {
    const logits = joinBlocks(parts.map(({ part }) => part[m].rows)); // logarithms of probabilities are logits too
    return sum + weight * lossOf(logits, labels, alphabet);
  }, 0);
}

function lossOf(
  logits: Float32Array,
  labels: Int32Array,
  { size: symbols, blank }: Pick<Alphabet, "size" | "blank">,
): number {
  const steps = logits.length / symbols;
  if (steps < Math.max(1, minimumSteps(labels))) return Infinity;
  return ctcLoss({ logits, steps: [steps], labels: [labels], symbols, blank }).losses[0];
}
