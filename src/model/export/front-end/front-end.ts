// The front end on a graph: samples in, the frames out that the network was trained on. It is what audio/features does with
// a whole recording; what a graph cannot say is refused by name. Knows nothing of networks.

import { frontEndNumbers } from "../../../audio/index.ts";
import type { FeatureSettings, FeatureStatistics } from "../../../audio/index.ts";
import { EarshotError } from "../../../errors.ts";
import type { Tensor } from "../../../graph/index.ts";
import { normalizeOnGraph } from "./normalization.ts";
import { spectralFrames } from "./spectral-frames.ts";

/**
 * @param samples [B, N], mono at 16 kHz, in [-1, 1]: recordings of one length
 * @returns [T, B, F]
 * @throws EarshotError NOT_EXPORTABLE
 */
export function frontEnd(
  samples: Tensor,
  features: FeatureSettings,
  statistics: FeatureStatistics | undefined,
): Tensor {
  if (features.level === "utterance") throw levelNotInGraph();
  const numbers = frontEndNumbers(features);
  return normalizeOnGraph(spectralFrames(samples, numbers), { features, statistics, numbers });
}

function levelNotInGraph(): EarshotError {
  return new EarshotError({
    code: "NOT_EXPORTABLE",
    where: "features.level",
    problem:
      'The level "utterance" is found by sorting a recording\'s frames, which the exported front end does not do.',
    remedy:
      "Export without --samples, and compute the frames by the features in its metadata; or train with features.level: recorded.",
  });
}
