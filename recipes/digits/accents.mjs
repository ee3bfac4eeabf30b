// Digits as people say them whose language is another: spelled as that language would write what they say, and spoken by its
// voices. No engine has an accent that lasts to the vowels and the th otherwise.

/** zero to nine, by the language of the voice. */
export const ACCENTS = {
  de: "siro uann tuh srie fohr feif sicks sewen eet nein",
  fr: "ziro ouane tou sri fôr faïve sixe sèvène éïte naïne",
  es: "siro uan tu zri for faiv six seven eit nain",
  it: "ziro uan tu tri for faiv six seven eit nain",
  nl: "ziero wan toe srie foor faaiv siks sevven eet nain",
  "pt-br": "ziro uan tu tri for faive sicse séven eite naine",
  pl: "ziro łan tu sri for fajw siks sewen ejt najn",
  ru: "зиро уан ту сри фор файв сикс сэвэн эйт найн",
  el: "ζίρο γουάν του θρι φορ φάιβ σιξ σέβεν έιτ νάιν",
  sv: "siro oann to tri får fajv six seven ejt najn",
  tr: "ziro van tu tri for fayv siks seven eyt nayn",
};
