// What is costly to make, kept as long as it is used again soon: what was used last stays, up to a cap.

interface Kept<Value> {
  readonly value: Promise<Value>;
  /** 0 until it is made. */
  size: number;
}

export class RecentlyUsed<Value> {
  /** In the order of their use, oldest first. */
  readonly #kept = new Map<string, Kept<Value>>();
  readonly #cap: number;
  readonly #sizeOf: (value: Value) => number;

  /** @param cap the sum of all sizes at most; what was used last stays, however large */
  constructor(cap: number, sizeOf: (value: Value) => number) {
    this.#cap = cap;
    this.#sizeOf = sizeOf;
  }

  /** What is kept under this key, or what `make` gives; a failure is not kept. */
  async get(key: string, make: () => Promise<Value>): Promise<Value> {
    const kept = this.#kept.get(key) ?? { value: make(), size: 0 };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    try {
      const value = await kept.value;
      kept.size = this.#sizeOf(value);
      return value;
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    } finally {
      this.#evict();
    }
  }

  #evict(): void {
    let sum = 0;
    for (const [index, [key, { size }]] of [...this.#kept].toReversed().entries()) {
      sum += size;
      if (index > 0 && sum > this.#cap) this.#kept.delete(key);
    }
  }
}
