// The recognizer room: recordings → transcripts, and the formats to write them in.

export { alignRecording } from "./alignment.ts";
export type { AlignedSymbol, Alignment } from "./alignment.ts";
export { missingLanguageModel } from "./decoding.ts";
export type { DecodingOptions } from "./decoding.ts";
export type { Listened, ListeningOutcome, ListeningProgress } from "./listening.ts";
export { Recognizer } from "./recognizer.ts";
export type { Outcome, RecognizerOptions, TranscribeOptions } from "./recognizer.ts";
export type { Source } from "./sources.ts";
export type { Alternative, Transcription, Word } from "./transcription.ts";
export { jsonOf, textGrid, writers } from "./writers.ts";
export type { TranscriptRecord, Writer, WriterName } from "./writers.ts";
