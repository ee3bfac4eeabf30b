// The recognizer room: recordings → transcripts, and the formats to write them in.

export { alignRecording } from "./alignment.ts";
export type { AlignedSymbol, Alignment } from "./alignment.ts";
export { countChannels, isRecordingLonger } from "./long-recordings.ts";
export { missingLanguageModel } from "./decoding.ts";
export type { DecodingOptions, RejectionChoice } from "./decoding.ts";
export { WHOLE_SECONDS } from "./pieces.ts";
export { Recognizer } from "./recognizer.ts";
export type { Outcome, RecognizerOptions } from "./recognizer.ts";
export type { RecordingParts } from "./recording-parts.ts";
export type { RecordingOutcome, TranscribeOptions, TranscriptionProgress } from "./rows.ts";
export type { ChannelSource, Source } from "./sources.ts";
export type { RecognizerStream, StreamOptions } from "./stream.ts";
export type {
  EndedBy,
  FinalEvent,
  NoSpeechEvent,
  PartialEvent,
  SpeechEndEvent,
  SpeechStartEvent,
  StreamEvent,
} from "./streams/events.ts";
export type { StreamInput } from "./streams/stream-input.ts";
export { streamSettings } from "./streams/stream-settings.ts";
export type { EndpointSettings, StreamSettings } from "./streams/stream-settings.ts";
export type { Alternative, Transcription, Word } from "./transcription.ts";
export { cuesOf, jsonOf, textGrid, transcriptionJson, writers } from "./writers.ts";
export type { RecordStream, TranscriptRecord, Writer, WriterName } from "./writers.ts";
