// Figures of the dev split as events, checkpoints and models carry them.

/** A loss in nats per utterance, and error rates as fractions; none without a dev split. */
export type DevFigures = {
  readonly devLoss?: number;
  readonly devWer?: number;
  readonly devCer?: number;
};
