// The recognizer room: recordings → transcripts, and the formats to write them in.

export { Recognizer } from "./recognizer.ts";
export type { ListeningProgress, Outcome, Source, TranscribeOptions, Transcription } from "./recognizer.ts";
export { writers } from "./writers.ts";
export type { TranscriptRecord, Writer, WriterName } from "./writers.ts";
