// A client that speaks, as every dialect over sockets uses it: with its first sound a live stream is opened, whose events are passed on
// as they come, and which ends when the client says so; the next sound opens the next one, and the time goes on.

import type { StreamEvent } from "../../../recognizer/index.ts";
import type { ServerContext } from "../server-context.ts";
import { LiveTranscription, type LiveOptions } from "./live-transcription.ts";

export class LiveSpeech {
  readonly #context: ServerContext;
  readonly #options: () => LiveOptions;
  readonly #onEvent: (event: StreamEvent, live: LiveTranscription) => void;
  #live: LiveTranscription | undefined;
  /** Until the events of the present stream have been passed on. */
  #passedOn: Promise<void> = Promise.resolve();
  #earlierMs = 0;

  /** @param options are asked for when a stream is opened @param onEvent times are from the beginning of its stream */
  constructor(
    context: ServerContext,
    options: () => LiveOptions,
    onEvent: (event: StreamEvent, live: LiveTranscription) => void,
  ) {
    this.#context = context;
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** Whether sound came since the beginning, or since the last end. */
  get isOpen(): boolean {
    return this.#live !== undefined;
  }

  /** Of the streams before the present one. */
  get earlierMs(): number {
    return this.#earlierMs;
  }

  /** Of all sound so far. */
  get seconds(): number {
    return this.#earlierMs / 1000 + this.utteranceSeconds;
  }

  /** Of the sound since the last end. */
  get utteranceSeconds(): number {
    return this.#live?.seconds ?? 0;
  }

  /** Before its first sound, where a client waits to hear whether it is let in. @throws what `LiveTranscription.open` throws */
  async open(): Promise<void> {
    this.#live ??= await this.#open();
  }

  /** @throws what `open` and the `write` of transcriptions throw */
  async write(samples: Float32Array): Promise<void> {
    await this.open();
    await this.#live!.write(samples);
  }

  /** All that was said is passed on when it returns. */
  async finish(): Promise<void> {
    await this.#live?.finish();
    await this.#passedOn;
    await this.close();
  }

  /** What was not passed on is forgotten. */
  async close(failure?: unknown): Promise<void> {
    const live = this.#live;
    this.#earlierMs = 1000 * this.seconds;
    this.#live = undefined;
    await live?.close(failure);
    await this.#passedOn.catch(() => undefined);
  }

  async #open(): Promise<LiveTranscription> {
    const live = await LiveTranscription.open(this.#context, this.#options());
    this.#passedOn = this.#passOn(live);
    this.#passedOn.catch(() => undefined); // whoever writes has the error
    return live;
  }

  async #passOn(live: LiveTranscription): Promise<void> {
    for await (const event of live.events()) this.#onEvent(event, live);
  }
}

/** Of utterances, one behind the other; those without a text leave no gap. */
export const joinTexts = (texts: readonly string[], separator: string): string =>
  texts.filter((text) => text !== "").join(separator);
