// How a transcript is put to an engine, so that it says what is written: engines spell words in capitals out, take an "A"
// among letters for the article, and swallow the end of a sentence without a full stop.

/** @param language as in "en-gb" */
export function spokenText(transcript: string, language: string): string {
  const isShouted = !/\p{Ll}/u.test(transcript);
  const words = transcript.split(" ");
  const spoken = words.map((word, index) => {
    if (isLetter(word)) {
      const isSpelled = isLetter(words[index - 1] ?? "") || isLetter(words[index + 1] ?? "");
      return isSpelled && /^en/i.test(language) && /^a$/i.test(word) ? "ay" : word;
    }
    return isShouted ? word.toLowerCase() : word;
  });
  const text = spoken.join(" ");
  return /[\p{L}\p{N}]$/u.test(text) ? `${text}.` : text;
}

const isLetter = (word: string): boolean => /^\p{L}$/u.test(word);
