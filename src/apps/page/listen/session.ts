// What goes on in the room: sound comes from the microphone or a file, is recognized in the tab or on the server, and becomes the
// take that is shown. One thing at a time.

import { loadEarshot, type Decoder, type Recognizer } from "../earshot.ts";
import { shippedModel, type PageModel } from "../models.ts";
import { MicrophoneTurn, type MicrophoneSound } from "../sound/microphone-turn.ts";
import { joinedSamples } from "../sound/samples.ts";
import { Store } from "../store.ts";
import { Recognition } from "./recognition.ts";
import { ServerStream, transcribeOnServer, type ServerChoice } from "./server-client.ts";
import {
  unrecognized,
  withWarnings,
  type Expectations,
  type PlayableSound,
  type DecodedSound,
  type Take,
} from "./take.ts";

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
  /** The last recording was ended: a tab keeps no more of it. */
  readonly isFull?: boolean;
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
  readonly #microphone = new MicrophoneTurn();
  readonly level = this.#microphone.level;
  readonly #recognition = new Recognition();
  #work = new AbortController();

  constructor(serverModel = "") {
    super({ ...FIRST, model: shippedModel(), server: { model: serverModel, key: "" } });
  }

  /** Speech until `stop`, as text meanwhile; then it is a take. */
  async record(): Promise<void> {
    await this.#alone("opening", async (signal) => {
      const { decodeAudio, encodeWav } = await loadEarshot();
      const recognizer = this.state.place === "tab" ? await this.#recognizer() : undefined;
      const microphone = await this.#microphone.open();
      if (!microphone) return;
      this.set({ phase: "recording", live: { finals: [], partial: "" }, take: undefined });
      const samples = await this.#hear(microphone, recognizer);
      this.set({ phase: "working", progress: 0 });
      const sound = await decodeAudio(encodeWav(samples, microphone.sampleRateHz), "recording");
      await this.#recognize({ name: "recording", ...sound }, signal);
      this.set({ live: undefined });
    });
  }

  stop(): void {
    this.#microphone.stop();
    if (this.state.phase !== "recording") this.#work.abort(new DOMException("Stopped.", "AbortError"));
  }

  async open(file: File): Promise<void> {
    await this.#alone("working", async (signal) => {
      this.set({ live: undefined, take: undefined, progress: 0 });
      const { decodeAudio } = await loadEarshot();
      const sound = await decodeAudio(new Uint8Array(await file.arrayBuffer()), file.name);
      await this.#recognize({ name: file.name.replace(/\.[^.]+$/, ""), ...sound }, signal);
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
    if (change.model !== undefined || change.place !== undefined) await this.again();
  }

  /** The recording that is shown is recognized anew. */
  async again(): Promise<void> {
    const { take } = this.state;
    if (take) await this.#alone("working", (signal) => this.#recognize(take, signal));
  }

  #recognizer(): Promise<Recognizer> {
    return this.#recognition.recognizer(this.state.model);
  }

  /** Ends at once when its texts end. @returns the sound, whole in any case */
  async #hear(
    { sampleRateHz, chunks }: MicrophoneSound,
    recognizer: Recognizer | undefined,
  ): Promise<Float32Array> {
    const onEnd = (): void => this.#microphone.stop();
    const texts = recognizer
      ? await this.#textsInTab(recognizer, sampleRateHz, onEnd)
      : this.#textsOnServer(sampleRateHz, onEnd);
    const parts: Float32Array[] = [];
    let seconds = 0;
    for await (const chunk of chunks) {
      parts.push(chunk);
      seconds += chunk.length / sampleRateHz;
      texts.write(chunk);
      if (seconds > LONGEST_TAKE_SECONDS) break;
    }
    this.set({ isFull: seconds > LONGEST_TAKE_SECONDS });
    await texts.finish().catch((failure: unknown) => this.set({ failure }));
    return joinedSamples(parts);
  }

  readonly #show = (text: string, isFinal: boolean): void => {
    const { finals } = this.state.live ?? { finals: [] };
    if (!isFinal) this.set({ live: { finals, partial: text } });
    else this.set({ live: { finals: text === "" ? finals : [...finals, text], partial: "" } });
  };

  async #textsInTab(recognizer: Recognizer, sampleRateHz: number, onEnd: () => void): Promise<Texts> {
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
    reading.then(onEnd, onEnd); // `finish` tells why
    return {
      write: (samples) => {
        writing = writing.then(() => stream.write(samples));
        writing.catch(onEnd);
      },
      finish: async () => {
        await writing;
        await stream.finish();
        await reading;
      },
    };
  }

  #textsOnServer(sampleRateHz: number, onEnd: () => void): Texts {
    const { server, expected } = this.state;
    return new ServerStream(sampleRateHz, server, expected, { onText: this.#show, onEnd });
  }

  /** Whatever becomes of it, the sound stays. */
  async #recognize({ name, samples, warnings }: DecodedSound, signal: AbortSignal): Promise<void> {
    const { encodeWav, SAMPLE_RATE_HZ } = await loadEarshot();
    const sound = { name, samples, warnings, wav: encodeWav(samples, SAMPLE_RATE_HZ) };
    try {
      this.set({ take: await (this.state.place === "tab" ? this.#inTab : this.#onServer)(sound, signal) });
    } catch (failure) {
      if (!signal.aborted) this.set({ take: unrecognized(sound, samples.length / SAMPLE_RATE_HZ) });
      throw failure;
    }
  }

  readonly #inTab = async (sound: PlayableSound, signal: AbortSignal): Promise<Take> => {
    const recognizer = await this.#recognizer();
    const decoder = await this.#decoder(recognizer, this.state.expected);
    return this.#recognition.take(recognizer, decoder, sound, signal, (progress) => this.set({ progress }));
  };

  readonly #onServer = async (sound: PlayableSound, signal: AbortSignal): Promise<Take> => {
    const { server, expected } = this.state;
    const transcription = await transcribeOnServer(sound.wav, server, expected, signal);
    return { ...sound, transcription: withWarnings(transcription, sound.warnings) };
  };

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
    this.#microphone.begin();
    this.set({ phase, failure: undefined, isFull: false });
    try {
      await work(this.#work.signal);
    } catch (failure) {
      if ((failure as Error).name !== "AbortError") this.set({ failure });
    } finally {
      await this.#microphone.end();
      this.set({ phase: "idle" });
    }
  }
}

interface Texts {
  write(samples: Float32Array): void;
  /** Behind the last text. */
  finish(): Promise<void>;
}
