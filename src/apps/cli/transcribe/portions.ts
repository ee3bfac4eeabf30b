// How recordings are shared out among workers of whom nobody knows how fast they are: each that asks gets a part of what is
// left, so that portions grow smaller and all finish together (guided self-scheduling, Polychronopoulos & Kuck 1987). The
// longest recordings go first.

/** Of a worker's equal share of what is left. */
const PART = 1 / 8;

export class Portions {
  readonly #weights: readonly number[];
  /** The heaviest first. */
  readonly #order: readonly number[];
  readonly #workers: number;
  #next = 0;
  #left: number;

  /** @param weights how much work each is, in any unit */
  constructor(weights: readonly number[], workers: number) {
    this.#weights = weights;
    this.#order = weights.map((_, i) => i).toSorted((a, b) => weights[b] - weights[a] || a - b);
    this.#workers = workers;
    this.#left = weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** Positions of the weights; undefined when all are given out. */
  next(): number[] | undefined {
    if (this.#next === this.#order.length) return undefined;
    const share = (PART * this.#left) / this.#workers;
    const portion: number[] = [];
    for (let weight = 0; this.#next < this.#order.length;) {
      const item = this.#order[this.#next];
      if (portion.length > 0 && weight + this.#weights[item] > share) break;
      portion.push(item);
      weight += this.#weights[item];
      this.#left -= this.#weights[item];
      this.#next++;
    }
    return portion;
  }
}
