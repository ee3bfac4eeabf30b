// Utterances of models that need a whole one: cut out of the sound where there is voice, and run when they are over. One that is
// too long is cut at its quietest place near its end, and the rest begins the next.

import {
  LEVEL_HOP_MS,
  muteSilence,
  partAtSilence,
  SAMPLE_RATE_HZ,
  VOICE_FRAME_MS,
} from "../../audio/index.ts";
import { Endpointer } from "./endpointer.ts";
import type { EndedBy } from "./events.ts";
import type { StreamSettings } from "./stream-settings.ts";
import { samplesIn, StreamSound } from "./stream-sound.ts";
import type { UtteranceBatches } from "./utterance-batches.ts";
import type { UtteranceEnd, UtteranceStream, UtteranceUpdate } from "./utterance-updates.ts";
import { joinBlocks } from "../../tensor.ts";

/** The last part of an utterance that is too long, in which the cut is looked for. */
const CUT_MS = 4_000;
/** The loudness of a place is that of so much around it. */
const PAUSE_HOPS = 300 / LEVEL_HOP_MS;

export class WholeUtterances implements UtteranceStream {
  readonly #batches: UtteranceBatches;
  readonly #sound: StreamSound;
  readonly #endpointer: Endpointer;
  readonly #marginMs: number;
  /** Sound that an utterance may still need. */
  #held: Float32Array = new Float32Array(0);
  /** Where it begins. */
  #heldMs = 0;
  /** Frames that the endpointer has been told of. */
  #frames = 0;
  #isSpeech = false;
  #startMs = 0;

  private constructor(batches: UtteranceBatches, sound: StreamSound, { endpoints }: StreamSettings) {
    this.#batches = batches;
    this.#sound = sound;
    this.#marginMs = endpoints.marginMs;
    this.#endpointer = new Endpointer(endpoints);
  }

  static async open(batches: UtteranceBatches, settings: StreamSettings): Promise<WholeUtterances> {
    return new WholeUtterances(batches, await StreamSound.open(settings), settings);
  }

  async push(samples: Float32Array): Promise<UtteranceUpdate[]> {
    return this.#take(this.#sound.push(samples));
  }

  async finish(): Promise<UtteranceUpdate[]> {
    const updates = await this.#take(this.#sound.finish());
    if (this.#isSpeech) updates.push(await this.#end("finish", this.#sound.lengthMs));
    return updates;
  }

  async close(): Promise<void> {
    this.#sound.close();
  }

  async #take(samples: Float32Array): Promise<UtteranceUpdate[]> {
    this.#held = joinBlocks([this.#held, samples]);
    const updates: UtteranceUpdate[] = [];
    while (this.#frames < this.#sound.frames) {
      const startMs = this.#frames * VOICE_FRAME_MS;
      const endMs = startMs + VOICE_FRAME_MS;
      this.#frames++;
      const voice = this.#sound.hasVoice(startMs, endMs);
      const decision = this.#endpointer.take({ startMs, endMs, voice, boundary: true });
      if (decision === "start") updates.push(this.#begin());
      else if (decision === "no-speech") updates.push({ kind: "no-speech", timeMs: endMs });
      else if (decision !== undefined) updates.push(await this.#end(decision, endMs));
      if (decision === "longest") updates.push(this.#goOn());
    }
    this.#forget();
    return updates;
  }

  #begin(): UtteranceUpdate {
    this.#isSpeech = true;
    const timeMs = this.#endpointer.startMs;
    this.#startMs = Math.max(this.#heldMs, timeMs - this.#marginMs);
    return { kind: "start", startMs: this.#startMs, timeMs };
  }

  /** The sound behind the cut of an utterance that was too long. */
  #goOn(): UtteranceUpdate {
    this.#endpointer.continueFrom(this.#heldMs);
    return this.#begin();
  }

  /** @param nowMs up to which the endpointer was told */
  async #end(endedBy: EndedBy, nowMs: number): Promise<UtteranceEnd> {
    this.#isSpeech = false;
    const timeMs = endedBy === "silence" ? this.#endpointer.soundMs : nowMs;
    const endMs = endedBy === "longest" ? this.#quietest(nowMs) : Math.min(nowMs, timeMs + this.#marginMs);
    const startMs = this.#startMs;
    const around = this.#sound.levelsAround(startMs, nowMs);
    const [from, to] = [startMs, endMs].map((ms) => samplesIn(ms - this.#heldMs));
    const samples = this.#held.slice(from, to);
    this.#dropBefore(endMs);
    const parts = await this.#emissions(samples, startMs);
    return { kind: "end", timeMs: Math.min(timeMs, endMs), endMs, endedBy, ...around, parts };
  }

  async #emissions(samples: Float32Array, startMs: number): Promise<UtteranceEnd["parts"]> {
    const sounds = partAtSilence(muteSilence(samples, SAMPLE_RATE_HZ));
    const emissions = await Promise.all(sounds.map((sound) => this.#batches.emissions(sound.samples)));
    return sounds.map(({ start }, i) => {
      return { startMs: startMs + (1000 * start) / SAMPLE_RATE_HZ, part: emissions[i] };
    });
  }

  /** The middle of the quietest stretch of the last seconds, in the second half of the utterance. */
  #quietest(nowMs: number): number {
    const fromMs = Math.max(nowMs - CUT_MS, (this.#startMs + nowMs) / 2);
    const { levels, levelsStartMs } = this.#sound.levelsAround(fromMs, nowMs);
    const first = Math.floor((fromMs - levelsStartMs) / LEVEL_HOP_MS);
    const last = Math.floor((nowMs - levelsStartMs) / LEVEL_HOP_MS);
    let [quietest, least] = [last, Infinity];
    for (let hop = first; hop + PAUSE_HOPS <= last; hop++) {
      const loudness = levels.all.subarray(hop, hop + PAUSE_HOPS).reduce((sum, level) => sum + level, 0);
      if (loudness <= least) [quietest, least] = [hop + PAUSE_HOPS / 2, loudness];
    }
    return levelsStartMs + quietest * LEVEL_HOP_MS;
  }

  #forget(): void {
    const neededMs = this.#isSpeech ? this.#startMs : this.#endpointer.startMs - this.#marginMs;
    this.#dropBefore(neededMs);
    this.#sound.forgetBefore(neededMs);
  }

  #dropBefore(ms: number): void {
    if (ms <= this.#heldMs) return;
    const count = Math.min(samplesIn(ms - this.#heldMs), this.#held.length);
    this.#held = this.#held.slice(count);
    this.#heldMs += (1000 * count) / SAMPLE_RATE_HZ;
  }
}
