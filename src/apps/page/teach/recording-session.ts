// Records a lesson word by word: says which comes next, finds it in what the microphone hears, says at once what is the matter with it, and
// keeps it unless something is.

import { loadEarshot } from "../earshot.ts";
import { MicrophoneTurn, type MicrophoneSound } from "../sound/microphone-turn.ts";
import { Store } from "../store.ts";
import { TakeListener, type Spoken } from "./take-listener.ts";
import { problemsOf, type Problem } from "./take-quality.ts";

export interface RecordedTake {
  readonly word: string;
  /** A WAV file at 16 kHz. */
  readonly wav: Uint8Array;
  readonly seconds: number;
  readonly problems: readonly Problem[];
}

export interface RecordingState {
  readonly phase: "idle" | "opening" | "waiting" | "speaking" | "judging" | "asking";
  /** What is to be said. */
  readonly word?: string;
  /** While the reader is asked: the take that something is the matter with. */
  readonly take?: RecordedTake;
  /** The word that was kept last. */
  readonly kept?: string;
  readonly failure?: unknown;
}

export class RecordingSession extends Store<RecordingState> {
  readonly #microphone = new MicrophoneTurn();
  readonly level = this.#microphone.level;
  readonly #nextWord: () => string | undefined;
  readonly #keep: (take: RecordedTake) => Promise<void>;

  /** @param nextWord undefined when all is recorded @param keep writes a take into the lesson */
  constructor(nextWord: () => string | undefined, keep: (take: RecordedTake) => Promise<void>) {
    super({ phase: "idle" });
    this.#nextWord = nextWord;
    this.#keep = keep;
  }

  /** Until all is recorded, or `stop`. @param only one word, again */
  async start(only?: string): Promise<void> {
    if (this.state.phase !== "idle") return;
    this.#microphone.begin();
    this.set({ phase: "opening", failure: undefined, word: only ?? this.#nextWord(), kept: undefined });
    try {
      const microphone = await this.#microphone.open();
      if (microphone) await this.#hear(microphone, only);
    } catch (failure) {
      this.set({ failure });
    } finally {
      await this.#microphone.end();
      this.set({ phase: "idle", take: undefined, word: undefined });
    }
  }

  /** Also while the microphone opens. */
  stop(): void {
    this.#microphone.stop();
  }

  /** The reader's answer to what is the matter with a take. */
  async answer(keep: boolean): Promise<void> {
    const { take } = this.state;
    if (!take) return;
    try {
      if (keep) await this.#kept(take);
      else this.set({ take: undefined, phase: "waiting" });
    } catch (failure) {
      this.set({ failure });
      this.stop();
    }
    if (this.state.word === undefined) this.stop();
  }

  async #hear({ sampleRateHz, chunks }: MicrophoneSound, only: string | undefined): Promise<void> {
    const listener = new TakeListener(sampleRateHz);
    this.set({ phase: "waiting" });
    for await (const chunk of chunks) {
      const { phase, word } = this.state;
      if (phase !== "waiting" && phase !== "speaking") continue; // judged, or asked about
      if (word === undefined) return;
      const spoken = listener.push(chunk);
      if (spoken.state === "spoken") await this.#judge(spoken, word, sampleRateHz);
      else if (spoken.state !== phase) this.set({ phase: spoken.state });
      if (this.state.word === undefined || (only !== undefined && this.state.kept === only)) return;
    }
  }

  async #judge(spoken: Spoken & { state: "spoken" }, word: string, sampleRateHz: number): Promise<void> {
    this.set({ phase: "judging" });
    const problems = problemsOf(spoken.samples, sampleRateHz, spoken.isCut);
    const { decodeAudio, encodeWav, SAMPLE_RATE_HZ } = await loadEarshot();
    const { samples } = await decodeAudio(encodeWav(spoken.samples, sampleRateHz), word);
    const take = {
      word,
      wav: encodeWav(samples, SAMPLE_RATE_HZ),
      seconds: samples.length / SAMPLE_RATE_HZ,
      problems,
    };
    if (problems.length > 0) this.set({ phase: "asking", take });
    else await this.#kept(take);
  }

  async #kept(take: RecordedTake): Promise<void> {
    await this.#keep(take);
    this.set({ phase: "waiting", take: undefined, kept: take.word, word: this.#nextWord() });
  }
}
