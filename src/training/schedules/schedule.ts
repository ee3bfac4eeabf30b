// What a learning-rate schedule is: a function of how far training is. Progress is counted in epochs, so epochs of
// different numbers of batches do not bend the curve.

export interface TrainingPosition {
  /** Epochs done, with the fraction of the current one. */
  readonly epoch: number;
  readonly epochs: number;
}

/** The learning rate at a position. */
export type Schedule = (position: TrainingPosition) => number;
