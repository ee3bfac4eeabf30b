// The door of the text room: symbols, transcripts, and how far two texts lie apart.

export { Alphabet } from "./alphabet.ts";
export { countSymbols, type CountedSymbol } from "./alphabet-from-texts.ts";
export { alignSequences } from "./alignment.ts";
export { collapseWhiteSpace, spellCharacter, splitCharacters } from "./characters.ts";
export { errorRates, type ErrorRates } from "./error-rates.ts";
export { formatAlignment } from "./format-alignment.ts";
export { normalizeTranscript, transcriptPolicy, type TranscriptPolicy } from "./transcript.ts";
