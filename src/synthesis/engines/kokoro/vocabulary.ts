// The symbols that Kokoro-82M was trained on (config.json of hexgrad/Kokoro-82M, Apache 2.0): IPA, with capitals for the
// diphthongs of English.

/** By their numbers; a number between two groups means nothing. */
const GROUPS: readonly (readonly [first: number, symbols: string])[] = [
  [1, ";:,.!?"],
  [9, '—…"()“” \u0303ʣʥʦʨᵝ\uAB67AI'],
  [31, "O"],
  [33, "Q"],
  [35, "ST"],
  [39, "W"],
  [41, "Yᵊabcdef"],
  [50, "hijklmnopqrstuvwxyzɑɐɒæ"],
  [75, "βɔɕç"],
  [80, "ɖðʤə"],
  [85, "ɚɛɜ"],
  [90, "ɟ"],
  [92, "ɡ"],
  [99, "ɥ"],
  [101, "ɨɪʝ"],
  [110, "ɯɰŋɳɲɴø"],
  [118, "ɸθœ"],
  [123, "ɹ"],
  [125, "ɾɻ"],
  [128, "ʁɽʂʃʈʧ"],
  [135, "ʊʋ"],
  [138, "ʌɣɤ"],
  [142, "χʎ"],
  [147, "ʒʔ"],
  [156, "ˈˌː"],
  [162, "ʰ"],
  [164, "ʲ"],
  [169, "↓"],
  [171, "→↗↘"],
  [177, "ᵻ"],
];

const NUMBERS: ReadonlyMap<string, number> = new Map(
  GROUPS.flatMap(([first, symbols]) => [...symbols].map((symbol, index) => [symbol, first + index] as const)),
);

/** The most that the model takes. */
export const MOST_SYMBOLS = 510;

/** The numbers of the symbols that it knows; others are left out. */
export const symbolNumbers = (phonemes: string): number[] =>
  [...phonemes].flatMap((symbol) => NUMBERS.get(symbol) ?? []);
