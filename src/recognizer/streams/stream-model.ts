// The models of a recognizer as a stream needs them: as it is spoken where they need nothing later, else by utterance.

import type { AcousticModel, Ensemble } from "../../model/index.ts";
import { canStream } from "../row-stream.ts";
import type { StreamModel } from "../stream.ts";
import { SpokenUtterances } from "./spoken-utterances.ts";
import { WholeUtterances } from "./whole-utterances.ts";

/** @param first of the ensemble */
export function streamModel(model: Ensemble, { delayMs }: AcousticModel): StreamModel {
  const { alphabet, stepMs } = model;
  return canStream(model)
    ? {
        alphabet,
        stepMs,
        delayMs,
        partials: "as spoken",
        openUtterances: (settings) => SpokenUtterances.open(model, settings),
      }
    : {
        alphabet,
        stepMs,
        partials: "by utterance",
        openUtterances: (settings) => WholeUtterances.open(model, settings),
      };
}
