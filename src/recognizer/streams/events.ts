// What a live stream says, as events: a union told apart by `type`. Each utterance has one `speech-start`, any number of
// `partial`, one `speech-end`, and one `final` behind it. All times are from the beginning of the stream.

import type { Transcription } from "../transcription.ts";

/**
 * Why an utterance ended: silence; sound in which the network spelled nothing; its length; the end of the stream.
 */
export type EndedBy = "silence" | "blanks" | "longest" | "finish";

export type StreamEvent = SpeechStartEvent | PartialEvent | SpeechEndEvent | FinalEvent | NoSpeechEvent;

/** Somebody begins to speak. */
export interface SpeechStartEvent {
  readonly type: "speech-start";
  /** Its number in the stream, from 0. */
  readonly utterance: number;
  /** Of the first sound. */
  readonly timeMs: number;
  /** Of the utterance, whose margin is before the first sound: that of its final text. */
  readonly startMs: number;
}

/**
 * The likeliest text of the utterance so far; each replaces the one before. Of those that nobody read in time only the last is
 * kept. Networks that need a whole utterance give none.
 */
export interface PartialEvent {
  readonly type: "partial";
  readonly utterance: number;
  readonly text: string;
  /** The first characters of `text`, whole words: every later text of the utterance begins so, the final one too. */
  readonly finalCharacters: number;
}

/** The last sound of the utterance; its final text follows. */
export interface SpeechEndEvent {
  readonly type: "speech-end";
  readonly utterance: number;
  readonly timeMs: number;
  readonly endedBy: EndedBy;
}

/** What was said in an utterance: its times are from the beginning of the stream, its `seconds` those of the utterance. */
export interface FinalEvent extends Transcription {
  readonly type: "final";
  readonly utterance: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly endedBy: EndedBy;
}

/** Nobody has spoken for `endpoints.leadingSilenceMs`. */
export interface NoSpeechEvent {
  readonly type: "no-speech";
  readonly timeMs: number;
}
