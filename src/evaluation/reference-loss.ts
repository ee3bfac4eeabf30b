// How improbable a known text is to a recognizer: the CTC loss of the text, given a recording. It knows nothing of decoders.

import { joinBlocks } from "../audio/index.ts";
import { ctcLoss, minimumSteps } from "../ctc/index.ts";
import type { RecordingParts } from "../recognizer/index.ts";
import type { Alphabet } from "../text/index.ts";

/** −ln p(text) in nats, through all pieces; Infinity where the recording has too few steps for the text's symbols. */
export function referenceLoss(
  { parts }: RecordingParts<Float32Array>,
  text: string,
  alphabet: Alphabet,
): number {
  const { size: symbols, blank } = alphabet;
  const logits = joinBlocks(parts.map(({ part }) => part)); // logarithms of probabilities are logits too
  const labels = alphabet.encode(text, "reference");
  const steps = logits.length / symbols;
  if (steps < Math.max(1, minimumSteps(labels))) return Infinity;
  return ctcLoss({ logits, steps: [steps], labels: [labels], symbols, blank }).losses[0];
}
