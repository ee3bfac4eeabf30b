// What goes on in the room: sound comes from the microphone or a file, is recognized in the tab or on the server, and becomes the
// take that is shown. One thing at a time.

import { loadEarshot, type Decoder, type Microphone, type Recognizer } from "../earshot.ts";
import { shippedModel, type PageModel } from "../models.ts";
import { levelDb } from "../sound/level.ts";
import type { MicrophoneLevel } from "../sound/level-meter.tsx";
import { Store } from "../store.ts";
import { Recognition } from "./recognition.ts";
import { ServerStream, transcribeOnServer, type ServerChoice } from "./server-client.ts";
import type { Expectations, Take } from "./take.ts";

export interface ListenState {
  readonly phase: "idle" | "opening" | "recording" | "working";
  readonly place: "tab" | "server";
  readonly model: PageModel;
  readonly server: ServerChoice;
  readonly expected: Expectations;
  /** While somebody speaks: texts that are final, and the one that is not. */
  readonly live?: { readonly finals: readonly string[]; readonly partial: string };
  /** While a recording is recognized, 0 to 1. */
  readonly progress: number;
  readonly take?: Take;
  readonly failure?: unknown;
  /** Of the boxes of what is expected. */
  readonly expectedFailure?: unknown;
}

/** A tab keeps so much of what is spoken, in seconds. */
const LONGEST_TAKE_SECONDS = 1_800;

const FIRST: ListenState = {
  phase: "idle",
  place: "tab",
  model: { name: "", origin: "shipped" },
  server: { model: "", key: "" },
  expected: { hotWords: "", grammar: "" },
  progress: 0,
};

export class ListenSession extends Store<ListenState> {
  readonly level = new Store<MicrophoneLevel>({ db: -Infinity });
  readonly #recognition = new Recognition();
  #microphone: Microphone | undefined;
  #work = new AbortController();

  constructor(serverModel = "") {
    super({ ...FIRST, model: shippedModel(), server: { model: serverModel, key: "" } });
  }

  /** Speech until `stop`, as text meanwhile; then it is a take. */
  async record(): Promise<void> {
    await this.#alone("opening", async (signal) => {
      const { decodeAudio, encodeWav, openMicrophone } = await loadEarshot();
      const recognizer = this.state.place === "tab" ? await this.#recognizer() : undefined;
      const microphone = await openMicrophone();
      this.#microphone = microphone;
      signal.throwIfAborted();
      this.set({ phase: "recording", live: { finals: [], partial: "" }, take: undefined });
      const heard = await this.#hear(microphone, recognizer);
      this.set({ phase: "working", progress: 0 });
      const { samples } = await decodeAudio(encodeWav(heard, microphone.sampleRateHz), "recording");
      await this.#recognize("recording", samples, signal);
      this.set({ live: undefined });
    });
  }

  stop(): void {
    void this.#microphone?.close();
    if (this.state.phase !== "recording") this.#work.abort(new DOMException("Stopped.", "AbortError"));
  }

  async open(file: File): Promise<void> {
    await this.#alone("working", async (signal) => {
      this.set({ live: undefined, take: undefined, progress: 0 });
      const { decodeAudio } = await loadEarshot();
      const { samples } = await decodeAudio(new Uint8Array(await file.arrayBuffer()), file.name);
      await this.#recognize(file.name.replace(/\.[^.]+$/, ""), samples, signal);
    });
  }

  /** Takes hold of the recording that is shown, too. */
  async expect(expected: Expectations): Promise<void> {
    this.set({ expected });
    const { take, phase, place } = this.state;
    if (place === "server" || phase !== "idle") return;
    try {
      const recognizer = await this.#recognizer();
      if (take) {
        const again = await this.#recognition.decodeAgain(recognizer, expected, take);
        if (this.state.take === take && this.state.expected === expected) this.set({ take: again });
      } else await this.#recognition.decoder(recognizer, expected);
      this.set({ expectedFailure: undefined });
    } catch (expectedFailure) {
      if (this.state.expected === expected) this.set({ expectedFailure });
    }
  }

  async choose(change: Partial<Pick<ListenState, "model" | "place" | "server">>): Promise<void> {
    this.set({ ...change, failure: undefined });
    const { take } = this.state;
    const isOther = change.model !== undefined || change.place !== undefined;
    if (take && isOther)
      await this.#alone("working", (signal) => this.#recognize(take.name, take.samples, signal));
  }

  #recognizer(): Promise<Recognizer> {
    return this.#recognition.recognizer(this.state.model);
  }

  /** @returns all that was heard */
  async #hear(microphone: Microphone, recognizer: Recognizer | undefined): Promise<Float32Array> {
    const { sampleRateHz } = microphone;
    const texts = recognizer
      ? await this.#textsInTab(recognizer, sampleRateHz)
      : this.#textsOnServer(sampleRateHz);
    const chunks: Float32Array[] = [];
    let seconds = 0;
    for await (const chunk of microphone) {
      chunks.push(chunk);
      seconds += chunk.length / sampleRateHz;
      this.level.set({ db: levelDb(chunk) });
      texts.write(chunk);
      if (seconds > LONGEST_TAKE_SECONDS) break;
    }
    this.level.set({ db: -Infinity });
    await texts.finish();
    const whole = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  readonly #show = (text: string, isFinal: boolean): void => {
    const { finals } = this.state.live ?? { finals: [] };
    if (!isFinal) this.set({ live: { finals, partial: text } });
    else this.set({ live: { finals: text === "" ? finals : [...finals, text], partial: "" } });
  };

  async #textsInTab(recognizer: Recognizer, sampleRateHz: number): Promise<Texts> {
    const decoder = await this.#decoder(recognizer, this.state.expected);
    const stream = recognizer.stream({ sampleRateHz, decoder });
    const reading = (async () => {
      for await (const event of stream) {
        if (event.type === "partial") this.#show(event.text, false);
        if (event.type === "speech-start" && stream.partials === "by utterance") this.#show("…", false);
        if (event.type === "final") this.#show(event.text, true);
      }
    })();
    let writing: Promise<void> = Promise.resolve();
    return {
      write: (samples) => {
        writing = writing.then(() => stream.write(samples));
        writing.catch(() => undefined); // `finish` tells it
      },
      finish: async () => {
        await writing;
        await stream.finish();
        await reading;
      },
    };
  }

  #textsOnServer(sampleRateHz: number): Texts {
    const { server, expected } = this.state;
    return new ServerStream(sampleRateHz, server, expected, this.#show);
  }

  async #recognize(name: string, samples: Float32Array, signal: AbortSignal): Promise<void> {
    const { place, server, expected } = this.state;
    if (place === "tab") {
      const recognizer = await this.#recognizer();
      const decoder = await this.#decoder(recognizer, expected);
      const take = await this.#recognition.take(recognizer, decoder, { name, samples, signal }, (progress) =>
        this.set({ progress }),
      );
      return this.set({ take });
    }
    const { encodeWav, SAMPLE_RATE_HZ } = await loadEarshot();
    const wav = encodeWav(samples, SAMPLE_RATE_HZ);
    const transcription = await transcribeOnServer(wav, server, expected, signal);
    return this.set({ take: { name, samples, wav, transcription } });
  }

  /** What cannot be expected is said at its box, and costs nobody a recording: it is recognized as if the boxes were empty. */
  async #decoder(recognizer: Recognizer, expected: Expectations): Promise<Decoder> {
    try {
      const decoder = await this.#recognition.decoder(recognizer, expected);
      this.set({ expectedFailure: undefined });
      return decoder;
    } catch (expectedFailure) {
      this.set({ expectedFailure });
      return this.#recognition.decoder(recognizer, FIRST.expected);
    }
  }

  async #alone(phase: ListenState["phase"], work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.state.phase !== "idle") return;
    this.#work = new AbortController();
    this.set({ phase, failure: undefined });
    try {
      await work(this.#work.signal);
    } catch (failure) {
      if ((failure as Error).name !== "AbortError") this.set({ failure });
    } finally {
      await this.#microphone?.close();
      this.#microphone = undefined;
      this.set({ phase: "idle" });
    }
  }
}

interface Texts {
  write(samples: Float32Array): void;
  /** Behind the last text. */
  finish(): Promise<void>;
}
