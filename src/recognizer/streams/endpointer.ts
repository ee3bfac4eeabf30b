// Where an utterance begins and ends, decided tick by tick by what was heard until then: voice in the sound, and symbols of the
// network. Knows nothing of samples and rows; the same ticks give the same decisions, however they come.

import type { EndedBy } from "./events.ts";
import type { EndpointSettings } from "./stream-settings.ts";

/** A stretch of time, a step of the network for example. */
export interface Tick {
  readonly startMs: number;
  readonly endMs: number;
  readonly voice: boolean;
  /** Whether the network spells something there, other than a space; undefined of a network that has not been asked. */
  readonly symbol?: boolean;
  /** Whether a word may have ended: where an utterance that is too long is cut. */
  readonly boundary: boolean;
}

export type Decision = "start" | "no-speech" | Exclude<EndedBy, "finish">;

/** Voice with shorter gaps is one sound. */
const GAP_MS = 50;
/** Beyond its longest an utterance waits for a place between words, up to this share more. */
const OVERTIME = 0.25;

export class Endpointer {
  readonly #settings: EndpointSettings;
  #isSpeech = false;
  /** When the utterance began, or the wait for one. */
  #sinceMs = 0;
  #voiceMs = -Infinity;
  #symbolMs = -Infinity;
  /** Where the voice of now began, and how much of it there is. */
  #soundStartMs = 0;
  #voicedMs = 0;
  /** After an utterance in which nothing was spelled: voice that has not paused since is no speech. */
  #isNoise = false;

  constructor(settings: EndpointSettings) {
    this.#settings = settings;
  }

  /** Where the utterance began. */
  get startMs(): number {
    return this.#soundStartMs;
  }

  /** The last moment at which anything was heard. */
  get soundMs(): number {
    return Math.max(this.#voiceMs, this.#symbolMs);
  }

  /** An utterance that was cut goes on as the next one, which begins there. */
  continueFrom(ms: number): void {
    this.#isSpeech = true;
    [this.#sinceMs, this.#soundStartMs] = [ms, ms];
  }

  take(tick: Tick): Decision | undefined {
    this.#listen(tick);
    const decision = this.#isSpeech ? this.#end(tick) : this.#begin(tick);
    if (decision === undefined) return undefined;
    this.#isSpeech = decision === "start";
    this.#isNoise = decision === "blanks";
    this.#sinceMs = decision === "start" ? tick.startMs : tick.endMs;
    if (!this.#isSpeech) this.#soundStartMs = tick.endMs; // of voice that goes on
    return decision;
  }

  #listen({ startMs, endMs, voice, symbol }: Tick): void {
    const { detector } = this.#settings;
    const isVoice = voice && detector !== "blanks";
    if (startMs - this.#voiceMs >= GAP_MS) {
      this.#voicedMs = 0;
      this.#isNoise = false;
    }
    if (isVoice) {
      if (this.#voicedMs === 0 && !this.#isSpeech) this.#soundStartMs = startMs;
      this.#voicedMs += endMs - startMs;
      this.#voiceMs = endMs;
    }
    if (symbol && detector !== "voice") this.#symbolMs = endMs;
  }

  #begin({ startMs, endMs }: Tick): Decision | undefined {
    const { detector, minimumSpeechMs, leadingSilenceMs = Infinity } = this.#settings;
    if (this.#voicedMs === 0) this.#soundStartMs = startMs;
    const isVoiced = this.#voicedMs >= minimumSpeechMs && !this.#isNoise;
    if (isVoiced || detector === "none" || this.#symbolMs === endMs) return "start";
    return endMs - this.#sinceMs >= leadingSilenceMs ? "no-speech" : undefined;
  }

  #end({ endMs, symbol, boundary }: Tick): Decision | undefined {
    const { detector, trailingSilenceMs, trailingBlanksMs, longestUtteranceMs } = this.#settings;
    const length = endMs - this.#sinceMs;
    if (detector !== "none") {
      if (endMs - this.soundMs >= trailingSilenceMs) return "silence";
      const blanksMs = endMs - Math.max(this.#symbolMs, this.#sinceMs);
      if (symbol !== undefined && detector !== "voice" && blanksMs >= trailingBlanksMs) return "blanks";
    }
    const most = longestUtteranceMs * (boundary ? 1 : 1 + OVERTIME);
    return length >= most ? "longest" : undefined;
  }
}
