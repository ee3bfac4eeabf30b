// What an optimizer is: a pure description of what one step does to one weight tensor. It is said once, in the arithmetic of
// whoever computes it: numbers and vectors (weight-update.ts), or tensors on a graph (graph-update.ts). State lives in
// `slots`, which the checkpoint saves; nothing is hidden in closures.

export interface Arithmetic<X> {
  readonly constant: (value: number) => X;
  readonly add: (a: X, b: X) => X;
  readonly sub: (a: X, b: X) => X;
  readonly mul: (a: X, b: X) => X;
  readonly div: (a: X, b: X) => X;
  readonly sqrt: (x: X) => X;
}

export interface ScalarArithmetic<X> extends Arithmetic<X> {
  /** base^(step + more). */
  readonly power: (base: number, step: X, more: number) => X;
}

export interface StepFacts<X = number> {
  readonly learningRate: X;
  /** Steps taken before this one. */
  readonly step: X;
  /** Whether weight decay applies: to matrices, not to biases. */
  readonly decays: boolean;
}

/** A weight, or what of it the arithmetic computes at once, with what the optimizer keeps for it. */
export interface Trained<X> {
  readonly weight: X;
  readonly slots: readonly X[];
}

export interface Optimizer {
  /** Arrays of the weight's size that the optimizer keeps between steps, zero at first. */
  readonly slots: number;
  /** What is the same for all numbers of a weight. */
  readonly coefficients: <X>(on: ScalarArithmetic<X>, facts: StepFacts<X>) => readonly X[];
  /** @param gradient times what the norm cap leaves */
  readonly update: <X>(
    on: Arithmetic<X>,
    before: Trained<X>,
    gradient: X,
    coefficients: readonly X[],
  ) => Trained<X>;
}
