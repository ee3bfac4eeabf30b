// The model of the moment, tried by speaking: one word after the other, of the lesson's words or none of them.

import { loadEarshot, type Recognizer } from "../earshot.ts";
import { PageFailure } from "../page-failure.ts";
import { MicrophoneTurn, type MicrophoneSound } from "../sound/microphone-turn.ts";
import { Store } from "../store.ts";
import { readRunModel } from "./lesson-store.ts";
import { TakeListener } from "./take-listener.ts";

export interface SpokenTrial {
  /** "" where it was none of the words. */
  readonly text: string;
  /** Other words, the likeliest first. */
  readonly others: readonly string[];
  readonly confidence: number;
}

export interface TrialState {
  readonly phase: "idle" | "opening" | "waiting" | "speaking" | "recognizing";
  /** The last first. */
  readonly trials: readonly SpokenTrial[];
  readonly failure?: unknown;
}

const MOST_TRIALS = 8;
const TEXTS = 4;

export class TrialSession extends Store<TrialState> {
  readonly #microphone = new MicrophoneTurn();
  readonly level = this.#microphone.level;

  constructor() {
    super({ phase: "idle", trials: [] });
  }

  /** @param words the only ones there are; none: any text */
  async start(words: readonly string[]): Promise<void> {
    if (this.state.phase !== "idle") return;
    this.#microphone.begin();
    this.set({ phase: "opening", failure: undefined });
    let recognizer: Recognizer | undefined;
    try {
      recognizer = await openTrialModel(words);
      const microphone = await this.#microphone.open();
      if (microphone) await this.#hear(microphone, recognizer);
    } catch (failure) {
      this.set({ failure });
    } finally {
      await this.#microphone.end();
      await recognizer?.close();
      this.set({ phase: "idle" });
    }
  }

  /** Also while the model or the microphone opens. */
  stop(): void {
    this.#microphone.stop();
  }

  forget(): void {
    this.stop();
    this.set({ trials: [], failure: undefined });
  }

  async #hear({ sampleRateHz, chunks }: MicrophoneSound, recognizer: Recognizer): Promise<void> {
    const listener = new TakeListener(sampleRateHz);
    const decoder = recognizer.decoderFor({ nBest: TEXTS });
    this.set({ phase: "waiting" });
    for await (const chunk of chunks) {
      const spoken = listener.push(chunk);
      if (spoken.state !== "spoken") {
        if (spoken.state !== this.state.phase) this.set({ phase: spoken.state });
        continue;
      }
      this.set({ phase: "recognizing" });
      const { samples } = spoken;
      const found = await recognizer.transcribe({ samples, sampleRateHz }, { decoder });
      const { text, words, alternatives } = found;
      const others = alternatives
        .map((other) => other.text)
        .filter((other) => other !== text && other !== "");
      const confidence = words.reduce((least, word) => Math.min(least, word.confidence), 1);
      this.set({
        phase: "waiting",
        trials: [{ text, others, confidence }, ...this.state.trials].slice(0, MOST_TRIALS),
      });
    }
  }
}

async function openTrialModel(words: readonly string[]): Promise<Recognizer> {
  const { Grammar, Recognizer: Opened } = await loadEarshot();
  const bytes = await readRunModel();
  if (!bytes) throw new PageFailure("noEpochYet");
  const grammar = words.length > 0 ? await Grammar.from(words) : undefined;
  return Opened.load(bytes, grammar ? { grammar } : {});
}
