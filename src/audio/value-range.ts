// From the least to the largest of some samples, as they come: silence is known by how narrow it is.

export class ValueRange {
  #least = Infinity;
  #largest = -Infinity;

  /** Takes samples in unless it then would be wider than the most. */
  take(samples: Float32Array, most: number): boolean {
    let [least, largest] = [this.#least, this.#largest];
    for (const sample of samples) {
      if (sample < least) least = sample;
      if (sample > largest) largest = sample;
      if (largest - least > most) return false;
    }
    [this.#least, this.#largest] = [least, largest];
    return true;
  }

  includes(sample: number | undefined): boolean {
    return sample !== undefined && sample >= this.#least && sample <= this.#largest;
  }

  get width(): number {
    return this.#largest - this.#least;
  }

  /** Half way between its ends. */
  get level(): number {
    return (this.#least + this.#largest) / 2;
  }
}
