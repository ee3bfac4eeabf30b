// What is known of utterances → the events that a stream tells: each utterance has a decoder of its own, opened when it begins.

import type { DecodedText, Decoder, DecoderStream, TimedWord } from "../../ctc/index.ts";
import { decodeEmissions } from "../../ctc/index.ts";
import type { AcousticModel } from "../../model/index.ts";
import type { RecordingParts } from "../recording-parts.ts";
import { transcriptionOf, withEarlierWords } from "../transcription.ts";
import type { FinalEvent, PartialEvent, StreamEvent } from "./events.ts";
import type { UtteranceEnd, UtteranceUpdate } from "./utterance-updates.ts";

type Texts = RecordingParts<readonly DecodedText[]>["parts"];

export class UtteranceTexts {
  readonly #model: Pick<AcousticModel, "alphabet" | "stepMs">;
  readonly #separator: string;
  readonly #decoder: () => Decoder;
  /** Where the sound of now begins in the stream: `reset` begins anew. */
  #offsetMs = 0;
  #utterance = -1;
  #startMs = 0;
  #opened: Decoder | undefined;
  #decoding: DecoderStream | undefined;
  /** What the decoder handed out and forgot. */
  #words: TimedWord[] = [];
  #told: PartialEvent | undefined;

  /** @param decoder is asked for when an utterance begins, so that another may be taken between two */
  constructor(model: Pick<AcousticModel, "alphabet" | "stepMs">, decoder: () => Decoder) {
    this.#model = model;
    this.#separator = model.alphabet.separator;
    this.#decoder = decoder;
  }

  /** Forgets the utterance that has begun. @param offsetMs where the next sound begins */
  reset(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    this.#decoding = undefined;
  }

  take(update: UtteranceUpdate): StreamEvent[] {
    switch (update.kind) {
      case "start":
        return [this.#start(update.startMs, update.timeMs)];
      case "rows":
        return this.#partial(update.rows);
      case "end":
        return this.#end(update);
      case "no-speech":
        return [{ type: "no-speech", timeMs: this.#at(update.timeMs) }];
    }
  }

  #at(ms: number): number {
    return Math.round(this.#offsetMs + ms);
  }

  #start(startMs: number, timeMs: number): StreamEvent {
    this.#utterance++;
    this.#startMs = startMs;
    this.#opened = this.#decoder();
    [this.#decoding, this.#words, this.#told] = [undefined, [], undefined];
    const times = { timeMs: this.#at(timeMs), startMs: this.#at(startMs) };
    return { type: "speech-start", utterance: this.#utterance, ...times };
  }

  #partial(rows: Float32Array): PartialEvent[] {
    this.#decoding ??= this.#opened!.open();
    const { words, text, settled } = this.#decoding.push(rows);
    this.#words.push(...words);
    const final = this.#joined(this.#words.map((word) => word.text));
    const finalCharacters = this.#joined([final, text.slice(0, settled)]).length;
    const partial = { text: this.#joined([final, text]), finalCharacters };
    if (partial.text === (this.#told?.text ?? "") && finalCharacters === (this.#told?.finalCharacters ?? 0))
      return [];
    this.#told = { type: "partial", utterance: this.#utterance, ...partial };
    return [this.#told];
  }

  #end(end: UtteranceEnd): StreamEvent[] {
    const { endedBy } = end;
    const parts = end.parts?.map(({ startMs, part }) => {
      return { startMs, part: decodeEmissions(this.#opened!, part) };
    });
    const texts = parts ?? [{ startMs: this.#startMs, part: this.#texts() }];
    this.#decoding = undefined;
    const utterance = this.#utterance;
    return [
      { type: "speech-end", utterance, timeMs: this.#at(end.timeMs), endedBy },
      this.#final(texts, end),
    ];
  }

  /** What the decoder says in the end, with the words that came before. */
  #texts(): readonly DecodedText[] {
    const texts = (this.#decoding ?? this.#opened!.open()).finish();
    return texts.map((text) => withEarlierWords(text, this.#words, this.#separator));
  }

  #final(texts: Texts, { endMs, endedBy, levels, levelsStartMs }: UtteranceEnd): FinalEvent {
    const parts = texts.map(({ startMs, part }) => ({ startMs: startMs - levelsStartMs, part }));
    const seconds = (endMs - levelsStartMs) / 1000;
    const transcription = transcriptionOf({ parts, warnings: [], seconds, levels }, this.#model);
    const alternatives = transcription.alternatives.map((alternative) => {
      return { ...alternative, words: alternative.words.map((word) => this.#moved(word, levelsStartMs)) };
    });
    return {
      type: "final",
      utterance: this.#utterance,
      ...transcription,
      words: alternatives[0].words,
      alternatives,
      seconds: (endMs - this.#startMs) / 1000,
      startMs: this.#at(this.#startMs),
      endMs: this.#at(endMs),
      endedBy,
    };
  }

  #moved<Timed extends { readonly startMs: number; readonly endMs: number }>(word: Timed, by: number): Timed {
    return { ...word, startMs: this.#at(word.startMs + by), endMs: this.#at(word.endMs + by) };
  }

  #joined(texts: readonly string[]): string {
    return texts.filter((text) => text !== "").join(this.#separator);
  }
}
