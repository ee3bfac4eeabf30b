// The n-grams of a stretch of text, sorted: the places of its tokens, ordered by the `order` tokens that begin there.
// Radix sort from the last token to the first (Knuth, The Art of Computer Programming 3, 5.2.5), on places instead of
// n-grams: four bytes move for each, however long the n-gram.

const DIGIT_BITS = 11;

/**
 * The first `count` places of `tokens` in the order of the n-grams there; `tokens` has at least `order` − 1 more.
 * @param bound is above every token.
 */
export function sortWindows(tokens: Uint32Array, count: number, order: number, bound: number): Uint32Array {
  let places = new Uint32Array(count);
  for (let place = 0; place < count; place++) places[place] = place;
  let sorted = new Uint32Array(count);
  const digits = Math.max(1, Math.ceil(Math.log2(bound) / DIGIT_BITS));
  const digitBits = Math.ceil(Math.log2(bound) / digits);
  const starts = new Uint32Array(2 ** digitBits);
  for (let offset = order - 1; offset >= 0; offset--) {
    for (let digit = 0; digit < digits; digit++) {
      sortByDigit(tokens, offset, digit * digitBits, places, sorted, starts);
      [places, sorted] = [sorted, places];
    }
  }
  return places;
}

/** A stable counting sort by one digit of the token `offset` after each place. */
function sortByDigit(
  tokens: Uint32Array,
  offset: number,
  shift: number,
  places: Uint32Array,
  sorted: Uint32Array,
  starts: Uint32Array,
): void {
  const mask = starts.length - 1;
  const count = places.length;
  starts.fill(0);
  for (let i = 0; i < count; i++) starts[(tokens[i + offset] >>> shift) & mask]++; // their order does not matter here
  let sum = 0;
  for (let digit = 0; digit <= mask; digit++) {
    const size = starts[digit];
    starts[digit] = sum;
    sum += size;
  }
  for (let i = 0; i < count; i++) {
    const place = places[i];
    sorted[starts[(tokens[place + offset] >>> shift) & mask]++] = place;
  }
}
