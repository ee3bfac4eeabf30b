// What AdamW and NAdamW have in common (Loshchilov & Hutter 2019, algorithm 2): running means, their corrections and the decay
// of the weights. They differ in what a step takes of the running mean and of the gradient itself.

import type { Optimizer, ScalarArithmetic, StepFacts } from "./optimizer.ts";

interface Decays {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** What a step takes of the gradient's running mean, and of the gradient itself, if it takes that. */
type Rates = <X>(on: ScalarArithmetic<X>, facts: StepFacts<X>) => readonly [ofMean: X, ofGradient?: X];

/** Slots: the means of the gradient and of its square. */
export const adam = ({ beta1, beta2, epsilon, weightDecay }: Decays, rates: Rates): Optimizer => ({
  slots: 2,
  coefficients(on, facts) {
    const one = on.constant(1);
    const decay = on.mul(facts.learningRate, on.constant(weightDecay));
    const correction = on.div(one, biasCorrection(on, beta2, facts, 1));
    return [facts.decays ? on.sub(one, decay) : one, correction, ...(rates(on, facts) as [typeof one])];
  },
  update(on, { weight, slots: [mean, square] }, gradient, [keep, correction, ofMean, ofGradient]) {
    const { constant, add, sub, mul, div, sqrt } = on;
    const m = add(mul(constant(beta1), mean), mul(constant(1 - beta1), gradient));
    const v = add(mul(constant(beta2), square), mul(mul(constant(1 - beta2), gradient), gradient));
    const ofTheMean = mul(ofMean, m);
    const numerator = ofGradient === undefined ? ofTheMean : add(ofTheMean, mul(ofGradient, gradient));
    const denominator = add(sqrt(mul(v, correction)), constant(epsilon));
    return { weight: sub(mul(keep, weight), div(numerator, denominator)), slots: [m, v] };
  },
});

/** 1 − base^(step + more), by which a running mean that began at zero is divided. */
export const biasCorrection = <X>(
  { constant, sub, power }: ScalarArithmetic<X>,
  base: number,
  { step }: Pick<StepFacts<X>, "step">,
  more: number,
): X => sub(constant(1), power(base, step, more));
