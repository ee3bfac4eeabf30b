// Rows by the digests that name them: a hash table in typed arrays, since a million keys as strings are memory, and work for
// whoever collects garbage. It does not know what is in a row.

const WORDS = 4;
const [DIGITS, RADIX] = [8, 16]; // of a word
const KEY = /^[0-9a-f]{32}$/;

export class DigestTable {
  /** [rows][WORDS] */
  #keys = new Uint32Array(WORDS * 1024);
  /** The row at each place, or -1; twice as many places as rows, at least. */
  #rows = new Int32Array(2048).fill(-1);
  #size = 0;
  readonly #asked = new Uint32Array(WORDS);

  static isKey(text: string): boolean {
    return KEY.test(text);
  }

  /** @param key 32 hexadecimal digits @returns its row, from 0 in the order in which they came; undefined where it has none */
  find(key: string): number | undefined {
    const row = this.#rows[this.#placeOf(key)];
    return row < 0 ? undefined : row;
  }

  /** The row of a key, a new one where it has none. */
  add(key: string): number {
    if (2 * (this.#size + 1) > this.#rows.length) this.#grow();
    const place = this.#placeOf(key);
    if (this.#rows[place] >= 0) return this.#rows[place];
    this.#keys.set(this.#asked, WORDS * this.#size);
    return (this.#rows[place] = this.#size++);
  }

  /** Where the key is, or would be. */
  #placeOf(key: string): number {
    for (let word = 0; word < WORDS; word++) {
      this.#asked[word] = parseInt(key.slice(DIGITS * word, DIGITS * (word + 1)), RADIX);
    }
    let place = this.#asked[0] % this.#rows.length;
    while (this.#rows[place] >= 0 && !this.#isAsked(this.#rows[place]))
      place = (place + 1) % this.#rows.length;
    return place;
  }

  #isAsked(row: number): boolean {
    for (let word = 0; word < WORDS; word++) {
      if (this.#keys[WORDS * row + word] !== this.#asked[word]) return false;
    }
    return true;
  }

  #grow(): void {
    const keys = new Uint32Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#rows = new Int32Array(2 * this.#rows.length).fill(-1);
    for (let row = 0; row < this.#size; row++) {
      let place = keys[WORDS * row] % this.#rows.length;
      while (this.#rows[place] >= 0) place = (place + 1) % this.#rows.length;
      this.#rows[place] = row;
    }
  }
}
