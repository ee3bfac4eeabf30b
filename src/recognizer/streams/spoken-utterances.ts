// Utterances of a model that needs nothing later: the rows of the whole stream come step by step, its states are never reset,
// and an utterance is a stretch of these rows. Silence between utterances is not handed on.

import { joinBlocks } from "../../tensor.ts";
import type { Alphabet } from "../../text/index.ts";
import { RowStream, type StreamingModel } from "../row-stream.ts";
import { Endpointer, type Tick } from "./endpointer.ts";
import type { EndedBy } from "./events.ts";
import type { StreamSettings } from "./stream-settings.ts";
import { StreamSound } from "./stream-sound.ts";
import type { UtteranceStream, UtteranceUpdate } from "./utterance-updates.ts";

export class SpokenUtterances implements UtteranceStream {
  readonly #alphabet: Alphabet;
  readonly #space: number;
  readonly #stepMs: number;
  readonly #sound: StreamSound;
  readonly #rows: RowStream;
  readonly #endpointer: Endpointer;
  readonly #marginRows: number;
  readonly #hasEnds: boolean;
  /** Rows so far. */
  #steps = 0;
  /** Silence before the first sound, which has no rows, that the endpointer was told of. */
  #silentMs = 0;
  /** The last rows before an utterance, at most the margin; or those of the utterance that have not been handed on. */
  #held: Float32Array[] = [];
  #isSpeech = false;
  /** Of the utterance. */
  #startMs = 0;

  private constructor(model: StreamingModel, sound: StreamSound, { endpoints }: StreamSettings) {
    this.#alphabet = model.alphabet;
    this.#space = model.alphabet.symbols.indexOf(" ");
    this.#stepMs = model.stepMs;
    this.#sound = sound;
    this.#rows = new RowStream(model);
    this.#endpointer = new Endpointer(endpoints);
    this.#hasEnds = endpoints.detector !== "none";
    this.#marginRows = Math.ceil(endpoints.marginMs / model.stepMs);
  }

  static async open(model: StreamingModel, settings: StreamSettings): Promise<SpokenUtterances> {
    return new SpokenUtterances(model, await StreamSound.open(settings), settings);
  }

  async push(samples: Float32Array): Promise<UtteranceUpdate[]> {
    return this.#take(await this.#rows.push(this.#sound.push(samples)));
  }

  async finish(): Promise<UtteranceUpdate[]> {
    const last = await this.#rows.push(this.#sound.finish());
    const updates = this.#take(joinBlocks([last, await this.#rows.finish()]));
    if (this.#isSpeech) updates.push(this.#end("finish", this.#sound.lengthMs));
    return updates;
  }

  async close(): Promise<void> {
    this.#sound.close();
  }

  /** @param rows [n, V] */
  #take(rows: Float32Array): UtteranceUpdate[] {
    const updates = this.#silence();
    const V = this.#alphabet.size;
    for (let at = 0; at < rows.length; at += V) {
      const tick = this.#tick(rows, at);
      const decision = this.#endpointer.take(tick);
      if (decision === "start") updates.push(this.#begin(tick.startMs));
      this.#held.push(rows.slice(at, at + V));
      if (decision === "no-speech") updates.push({ kind: "no-speech", timeMs: tick.endMs });
      else if (decision !== undefined && decision !== "start")
        updates.push(...this.#handOn(), this.#end(decision, tick.endMs));
      if (!this.#isSpeech) this.#held = this.#held.slice(-this.#marginRows || this.#held.length);
    }
    updates.push(...this.#handOn());
    this.#sound.forgetBefore(this.#isSpeech ? this.#startMs : this.#nowMs - this.#marginRows * this.#stepMs);
    return updates;
  }

  /** Where the next row begins. */
  get #nowMs(): number {
    return this.#rows.startMs + this.#steps * this.#stepMs;
  }

  /** What the endpointer says of silence before the first sound. */
  #silence(): UtteranceUpdate[] {
    const updates: UtteranceUpdate[] = [];
    while (this.#hasEnds && this.#steps === 0 && this.#silentMs + this.#stepMs <= this.#rows.startMs) {
      const startMs = this.#silentMs;
      const endMs = startMs + this.#stepMs;
      this.#silentMs = endMs;
      const decision = this.#endpointer.take({ startMs, endMs, voice: false, symbol: false, boundary: true });
      if (decision === "no-speech") updates.push({ kind: "no-speech", timeMs: endMs });
    }
    return updates;
  }

  #tick(rows: Float32Array, at: number): Tick {
    const startMs = this.#nowMs;
    const endMs = startMs + this.#stepMs;
    this.#steps++;
    const best = likeliest(rows, at, this.#alphabet.size);
    const isSpace = best === this.#space;
    const symbol = best !== this.#alphabet.blank && !isSpace;
    const voice = this.#sound.hasVoice(startMs, endMs);
    return { startMs, endMs, voice, symbol, boundary: isSpace || (this.#space < 0 && !symbol) };
  }

  /** @param rowMs where the row begins that told it; those held before it belong to the utterance too */
  #begin(rowMs: number): UtteranceUpdate {
    this.#isSpeech = true;
    this.#startMs = rowMs - this.#held.length * this.#stepMs;
    return { kind: "start", startMs: this.#startMs, timeMs: this.#endpointer.startMs };
  }

  #handOn(): UtteranceUpdate[] {
    if (!this.#isSpeech || this.#held.length === 0) return [];
    const rows = joinBlocks(this.#held);
    this.#held = [];
    return [{ kind: "rows", rows }];
  }

  #end(endedBy: EndedBy, endMs: number): UtteranceUpdate {
    this.#isSpeech = false;
    const timeMs = endedBy === "longest" ? endMs : Math.min(endMs, this.#endpointer.soundMs);
    return { kind: "end", timeMs, endMs, endedBy, ...this.#sound.levelsAround(this.#startMs, endMs) };
  }
}

function likeliest(rows: Float32Array, at: number, symbols: number): number {
  let best = at;
  for (let k = at + 1; k < at + symbols; k++) if (rows[k] > rows[best]) best = k;
  return best - at;
}
