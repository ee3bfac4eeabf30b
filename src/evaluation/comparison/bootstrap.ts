// How far error rates, and the differences between them, can be trusted: bootstrap over utterances (Bisani & Ney 2004).
// A test of as many utterances is drawn from this one again and again, with replacement, the same for all systems, since
// what is hard for one is hard for the others.

import { quantile } from "../../quantiles.ts";
import { RandomStream } from "../../random.ts";

export interface CountedUtterance {
  /** Of the reference, as each system spells it. */
  readonly words: readonly number[];
  /** Of each system. */
  readonly errors: readonly number[];
}

export interface RateInterval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** 1 by default. */
  readonly seed?: number;
  /** Tests drawn; 10,000 by default. */
  readonly draws?: number;
}

/** The word error rate of each system in each of the tests drawn: [systems][draws]. */
export function drawRates(
  utterances: readonly CountedUtterance[],
  { seed = 1, draws = 10_000 }: BootstrapOptions = {},
): Float64Array[] {
  const systems = utterances[0]?.errors.length ?? 0;
  const rates = Array.from({ length: systems }, () => new Float64Array(draws));
  const random = new RandomStream("bootstrap", seed);
  for (let draw = 0; draw < draws; draw++) {
    const [words, errors] = [new Float64Array(systems), new Float64Array(systems)];
    for (let i = 0; i < utterances.length; i++) {
      const drawn = utterances[random.integer(utterances.length)];
      for (let m = 0; m < systems; m++) {
        words[m] += drawn.words[m];
        errors[m] += drawn.errors[m];
      }
    }
    for (let m = 0; m < systems; m++) rates[m][draw] = errors[m] / Math.max(1, words[m]);
  }
  return rates;
}

/** Where 95 of 100 lie: from the 2.5th percentile to the 97.5th. */
export function interval95(drawn: Float64Array): RateInterval {
  const sorted = drawn.toSorted();
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** In what share of the tests drawn the second has the lower rate; equal rates count half. */
export function improvementProbability(first: Float64Array, second: Float64Array): number {
  const wins = first.reduce((sum, rate, i) => sum + (second[i] < rate ? 1 : second[i] === rate ? 0.5 : 0), 0);
  return wins / first.length;
}
