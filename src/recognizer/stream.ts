// Speech as it is spoken: sound in, events out. What is written waits here, in order, until the network has taken it; those who
// write wait when it, or the reader of the events, is behind. Utterances are found in streams/, and texts made of them. Knows
// nothing of where the sound comes from.

import { joinBlocks } from "../tensor.ts";
import type { Decoder } from "../ctc/index.ts";
import { EarshotError, type Warning } from "../errors.ts";
import type { AcousticModel } from "../model/index.ts";
import { parseSettings } from "../settings.ts";
import { EventQueue } from "./streams/event-queue.ts";
import type { StreamEvent } from "./streams/events.ts";
import { SampleInput, type StreamInput } from "./streams/stream-input.ts";
import { streamSettings, type StreamSettings, type StreamSettingsInput } from "./streams/stream-settings.ts";
import { UtteranceTexts } from "./streams/utterance-texts.ts";
import type { OpenUtterances } from "./streams/utterance-work.ts";
import type { UtteranceStream, UtteranceUpdate } from "./streams/utterance-updates.ts";

export interface StreamOptions extends StreamSettingsInput {
  /** Ends the stream: reading and writing throw its reason. */
  readonly signal?: AbortSignal;
}

/** What a stream asks of its models. */
export interface StreamModel extends Pick<AcousticModel, "alphabet" | "stepMs" | "delayMs"> {
  readonly partials: RecognizerStream["partials"];
  readonly openUtterances: OpenUtterances;
}

/** What is taken out of the queue at once: longer keeps partial texts, and the end, waiting. */
const TAKEN_SECONDS = 1;

/** Reading is `for await (const event of stream)`, once; leaving that loop closes the stream. */
export class RecognizerStream implements AsyncIterable<StreamEvent> {
  /** Whether text comes while somebody speaks, or only when an utterance has ended. */
  readonly partials: "as spoken" | "by utterance";
  /** How far partial text is behind its sound, whatever the machine; undefined where there is none. */
  readonly delayMs: number | undefined;
  readonly settings: StreamSettings;
  readonly #model: StreamModel;
  readonly #signal: AbortSignal | undefined;
  readonly #input = new SampleInput();
  readonly #events: EventQueue;
  readonly #texts: UtteranceTexts;
  readonly #warnings: Warning[] = [];
  #waiting: Float32Array[] = [];
  /** Samples that wait, and all that were written. */
  #waitingSamples = 0;
  #written = 0;
  #wakeWriters: (() => void)[] = [];
  #utterances: Promise<UtteranceStream> | undefined;
  /** What takes from the queue, while there is anything in it. */
  #running: Promise<void> | undefined;
  /** Grows by every reset: what was asked before it is not told. */
  #generation = 0;
  #state: "open" | "finished" | "closed" = "open";
  #failure: { readonly error: unknown } | undefined;
  #isRead = false;

  /** @param decoder is asked for when an utterance begins */
  constructor(model: StreamModel, decoder: () => Decoder, { signal, ...settings }: StreamOptions = {}) {
    this.settings = parseSettings(streamSettings, settings, "stream");
    this.partials = model.partials;
    this.delayMs = model.delayMs;
    if (this.partials === "by utterance" && this.settings.endpoints.detector === "blanks") throw noBlanks();
    this.#model = model;
    this.#events = new EventQueue(this.settings.queueEvents);
    this.#texts = new UtteranceTexts(model, decoder);
    this.#signal = signal;
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** What is worth knowing of what was written, such as half a sample at its end. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /**
   * Takes the next sound, any amount of it, and copies it. The promise waits while more than `queueSeconds` are waiting for
   * the network, or `queueEvents` for the reader: a program that reads only after it has written must not wait for it.
   * @param input mono at `sampleRateHz`: samples in [-1, 1], or 16-bit PCM
   * @throws INVALID_SAMPLES, after which the stream goes on; STREAM_FINISHED; the signal's reason; what the model throws
   */
  async write(input: StreamInput): Promise<void> {
    this.#checkOpen();
    const samples = this.#input.samples(input);
    this.#written += samples.length;
    this.#waiting.push(samples);
    this.#waitingSamples += samples.length;
    this.#run();
    const most = this.settings.queueSeconds * this.settings.sampleRateHz;
    const generation = this.#generation;
    while (this.#waitingSamples > most && this.#state === "open" && generation === this.#generation)
      await new Promise<void>((resolve) => this.#wakeWriters.push(resolve));
    if (this.#failure) throw this.#failure.error;
    if (this.#state === "closed") throw streamFinished("closed");
  }

  /** Ends the stream: all that was written is recognized, and the events end behind the last final text. @throws as `write` */
  async finish(): Promise<void> {
    this.#checkOpen();
    this.#state = "finished";
    if (this.#input.hasHalf) this.#warnings.push(halfSample());
    this.#events.unbind();
    this.#run();
    await this.#running;
    if (this.#failure) throw this.#failure.error;
  }

  /** Forgets what was written and not told yet, the utterance that has begun with it; the time goes on. @throws as `write` */
  reset(): void {
    this.#checkOpen();
    this.#generation++;
    this.#input.reset();
    this.#empty();
    this.#texts.reset((1000 * this.#written) / this.settings.sampleRateHz);
    void this.#free();
  }

  /** Ends the stream at once: nothing more is told, and what it holds is freed. */
  async close(): Promise<void> {
    this.#state = "closed";
    this.#generation++;
    this.#empty();
    this.#events.end();
    this.#events.discard();
    this.#signal?.removeEventListener("abort", this.#abort);
    await this.#running;
    await this.#free();
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    if (this.#isRead) throw alreadyRead();
    this.#isRead = true;
    return {
      next: () => this.#events.next(),
      return: async () => {
        await this.close();
        return { value: undefined, done: true };
      },
    };
  }

  #run(): void {
    this.#running ??= this.#work();
  }

  /** Until nothing waits; then, of a stream that is finished, the end. */
  async #work(): Promise<void> {
    try {
      for (;;) {
        await this.#events.room();
        if (this.#waiting.length === 0) break;
        const generation = this.#generation;
        const utterances = await this.#opened();
        if (generation !== this.#generation) continue;
        const updates = await utterances.push(this.#taken());
        if (generation === this.#generation) this.#tell(updates);
      }
      if (this.#state === "finished" && !this.#failure) await this.#end();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#running = undefined; // before anybody can write
    }
  }

  async #end(): Promise<void> {
    this.#tell(await (await this.#opened()).finish());
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#events.end();
  }

  #opened(): Promise<UtteranceStream> {
    this.#utterances ??= this.#open();
    return this.#utterances;
  }

  async #open(): Promise<UtteranceStream> {
    const opened = await this.#model.openUtterances(this.settings);
    if (this.#generation === 0) this.#warnings.push(...(opened.warnings ?? []));
    return opened;
  }

  #taken(): Float32Array {
    const most = TAKEN_SECONDS * this.settings.sampleRateHz;
    let [count, samples] = [0, 0];
    while (count < this.#waiting.length && (count === 0 || samples + this.#waiting[count].length <= most))
      samples += this.#waiting[count++].length;
    const taken = joinBlocks(this.#waiting.splice(0, count));
    this.#waitingSamples -= samples;
    this.#wake();
    return taken;
  }

  #tell(updates: readonly UtteranceUpdate[]): void {
    for (const update of updates) for (const event of this.#texts.take(update)) this.#events.put(event);
  }

  #empty(): void {
    this.#waiting = [];
    this.#waitingSamples = 0;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#wakeWriters;
    this.#wakeWriters = [];
    for (const wake of waiting) wake();
  }

  async #free(): Promise<void> {
    const utterances = this.#utterances;
    this.#utterances = undefined;
    await utterances?.then((opened) => opened.close()).catch(() => {}); // who asked for it has the error
  }

  readonly #abort = (): void => {
    this.#events.discard();
    this.#fail(this.#signal!.reason);
  };

  #fail(error: unknown): void {
    if (this.#state === "closed") return;
    this.#failure ??= { error };
    this.#generation++;
    this.#events.end(error);
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#empty();
    void this.#free();
  }

  #checkOpen(): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#state !== "open") throw streamFinished(this.#state);
  }
}

function streamFinished(state: "finished" | "closed"): EarshotError {
  return new EarshotError({
    code: "STREAM_FINISHED",
    where: "stream",
    problem: `The stream has been ${state} already.`,
    remedy: "Open a new one with recognizer.stream(), or reset() this one instead of finishing it.",
  });
}

function alreadyRead(): EarshotError {
  return new EarshotError({
    code: "STREAM_ALREADY_READ",
    where: "stream",
    problem: "The events of this stream are being read by another loop.",
    remedy: "Read them in one place, and hand them on from there.",
  });
}

function noBlanks(): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "stream: endpoints.detector",
    problem: "The model needs whole utterances: its blanks are known only when an utterance has ended.",
    remedy: 'Leave it at "both", or say "voice" or "none"; or take a model that gives text as it is spoken.',
  });
}

const halfSample = (): Warning => {
  return {
    code: "HALF_SAMPLE",
    message: "The bytes end in the middle of a 16-bit sample, which is left out.",
  };
};
