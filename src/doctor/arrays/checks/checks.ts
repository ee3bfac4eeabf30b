// All checks of one batch.

import type { Check } from "../../finding.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { layerActivity } from "./activity.ts";
import { axisCount, axisOrder } from "./axes.ts";
import { blankIndex } from "./blank.ts";
import { dependence, otherSizes } from "./dependence.ts";
import { featureFacts } from "./feature-facts.ts";
import { outputLengths } from "./lengths.ts";
import { unknownNames } from "./names.ts";
import { cutOutputs, inputDependence } from "./output-layer.ts";
import { repeatability } from "./repeatability.ts";
import { enoughSteps, labelRange, paddedLabels, targetLengths } from "./targets.ts";
import { gradientSizes, gradientsReach, optimizerMoves } from "./training-step.ts";
import { finiteOutputs, normalizedOutputs } from "./values.ts";

export const batchChecks: readonly Check<BatchEvidence>[] = [
  unknownNames,
  featureFacts,
  targetLengths,
  paddedLabels,
  labelRange,
  axisCount,
  axisOrder,
  outputLengths,
  enoughSteps,
  repeatability,
  dependence,
  otherSizes,
  finiteOutputs,
  cutOutputs,
  inputDependence,
  normalizedOutputs,
  blankIndex,
  layerActivity,
  gradientsReach,
  optimizerMoves,
  gradientSizes,
];
