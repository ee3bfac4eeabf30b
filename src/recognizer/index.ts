// The recognizer room: recordings → transcripts, and the formats to write them in.

export { alignRecording } from "./alignment.ts";
export type { AlignedSymbol, Alignment } from "./alignment.ts";
export { missingLanguageModel } from "./decoding.ts";
export type { DecodingOptions } from "./decoding.ts";
export { WHOLE_SECONDS } from "./pieces.ts";
export { Recognizer } from "./recognizer.ts";
export type { Outcome, RecognizerOptions } from "./recognizer.ts";
export type { RecordingOutcome, RecordingParts, TranscribeOptions, TranscriptionProgress } from "./rows.ts";
export type { Source } from "./sources.ts";
export type { RecognizerStream } from "./stream.ts";
export type { StreamOptions } from "./text-streams.ts";
export type { Alternative, PartialTranscription, Transcription, Word } from "./transcription.ts";
export { jsonOf, textGrid, writers } from "./writers.ts";
export type { TranscriptRecord, Writer, WriterName } from "./writers.ts";
