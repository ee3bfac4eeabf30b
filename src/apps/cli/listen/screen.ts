// What listening shows: events as JSON Lines, or the final texts as lines and, on a terminal, one line that moves: the level of the sound and
// the text so far, of which that is dim which may still change.

import type { FinalEvent, PartialEvent, StreamEvent, transcriptionJson } from "../../../recognizer/index.ts";
import type { Output } from "../output.ts";

const LOWEST_SHOWN_DB = -60;
const CELLS = 10;
/** The line moves no more often. */
const FRAME_MS = 80;

export class ListeningScreen {
  readonly #output: Output;
  readonly #json: typeof transcriptionJson;
  #partial: Pick<PartialEvent, "text" | "finalCharacters"> = { text: "", finalCharacters: 0 };
  #isSpeaking = false;
  #levelDb = -Infinity;
  #shownAt = 0;

  constructor(output: Output, json: typeof transcriptionJson) {
    this.#output = output;
    this.#json = json;
  }

  level(levelDb: number): void {
    this.#levelDb = levelDb;
    const now = performance.now();
    if (now - this.#shownAt < FRAME_MS) return;
    this.#shownAt = now;
    this.#show();
  }

  tell(event: StreamEvent): void {
    if (this.#output.json) return this.#output.object(event.type === "final" ? this.#final(event) : event);
    if (event.type === "speech-start") this.#isSpeaking = true;
    if (event.type === "speech-end") this.#isSpeaking = false;
    if (event.type === "partial") this.#partial = event;
    if (event.type === "final") this.#write(event);
    this.#show();
  }

  #final(event: FinalEvent): object {
    const { type, utterance, startMs, endMs, endedBy } = event;
    return { type, utterance, startMs, endMs, endedBy, ...this.#json(event) };
  }

  #write({ text, rejected }: FinalEvent): void {
    const output = this.#output;
    this.#partial = { text: "", finalCharacters: 0 };
    if (text !== "") output.write(`${text}\n`);
    else if (rejected && output.interactive)
      output.note(output.dim(`(${rejected.reason}: ${rejected.best})`));
  }

  #show(): void {
    const { interactive, json } = this.#output;
    if (json || !interactive) return;
    const share = Math.max(0, Math.min(1, 1 - this.#levelDb / LOWEST_SHOWN_DB));
    const bar = "█".repeat(Math.round(CELLS * share)).padEnd(CELLS, "░");
    const level = `${this.#levelDb.toFixed(0)} dB`.padStart(7);
    const head = `${this.#isSpeaking ? "●" : "○"} ${bar}${level}  `;
    this.#output.progress(head + this.#text((process.stderr.columns || 80) - 1 - head.length));
  }

  /** The end of it, where it does not fit. */
  #text(width: number): string {
    const { text, finalCharacters } = this.#partial;
    const cut = text.length > width ? text.length - width : 0;
    const from = Math.max(cut, finalCharacters);
    return text.slice(cut, from) + (from < text.length ? this.#output.dim(text.slice(from)) : "");
  }
}
