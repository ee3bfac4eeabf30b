// Whole numbers in English words, as a recognizer of English writes them: 42 is "forty two".

const ONES = [
  ..."zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split(" "),
  ..."fifteen sixteen seventeen eighteen nineteen".split(" "),
];
const TENS = ["", "", ..."twenty thirty forty fifty sixty seventy eighty ninety".split(" ")];
const SCALES = [
  [1_000_000, "million"],
  [1000, "thousand"],
  [100, "hundred"],
] as const;

/** @param number whole, from −999,999,999 to 999,999,999 */
export function numberWords(number: number): string {
  if (number < 0) return `minus ${numberWords(-number)}`;
  if (number < ONES.length) return ONES[number];
  if (number < 100) return withRest(TENS[Math.floor(number / 10)], number % 10);
  const [size, name] = SCALES.find(([size]) => number >= size)!;
  return withRest(`${numberWords(Math.floor(number / size))} ${name}`, number % size);
}

const withRest = (words: string, rest: number): string =>
  rest === 0 ? words : `${words} ${numberWords(rest)}`;
