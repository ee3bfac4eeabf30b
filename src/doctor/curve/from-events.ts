// The events of a run → its curve.

import type { TrainingEvent } from "../../training/index.ts";
import type { CurveEpoch, CurveEvidence, CurveLayer, CurvePairs, CurveStep } from "./evidence.ts";

/** JSON has no NaN: a number that was not finite is null in a log. */
const numberOf = (value: number | null): number => value ?? NaN;

/** Gathers events as they come, or as a log has kept them. */
export class CurveStream {
  readonly #steps: CurveStep[] = [];
  readonly #epochs: CurveEpoch[] = [];
  readonly #pairs: CurvePairs[] = [];
  #layers: readonly CurveLayer[] | undefined;
  #planned: number | undefined;
  #rampEpochs = 0;

  push(event: TrainingEvent): void {
    if (event.type === "batch") {
      const { step, epoch, batch, loss, gradientNorm, learningRate } = event;
      this.#planned = event.epochs;
      const numbers = { loss: numberOf(loss), gradientNorm: numberOf(gradientNorm), learningRate };
      this.#steps.push({ step, epoch, batch, ...numbers });
    } else if (event.type === "epoch") {
      const { epoch, step, trainLoss, devLoss, devWer, devCer, waiting, ramp } = event;
      if (ramp) this.#rampEpochs = epoch;
      this.#epochs.push({ epoch, step, trainLoss: numberOf(trainLoss), devLoss, devWer, devCer, waiting });
    } else if (event.type === "layers") this.#layers = event.layers;
    else if (event.type === "pairs") this.#pairs.push(event);
  }

  /** All so far. */
  evidence(): CurveEvidence {
    const { length } = this.#steps;
    return {
      steps: length > 0 ? this.#steps : undefined,
      epochs: this.#epochs.length > 0 ? this.#epochs : undefined,
      planned: this.#planned,
      rampEpochs: this.#rampEpochs,
      pairs: this.#pairs.length > 0 ? this.#pairs : undefined,
      layers: this.#layers,
      reduction: "mean",
    };
  }
}
