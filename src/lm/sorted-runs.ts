// Sorted n-grams with their counts in a scratch file, for texts larger than memory: runs, each sorted, and their merge.

import { openScratchFile, type ScratchFile } from "../platform/index.ts";

/** Is given n-grams in their order; `words` begins with one. */
export type TakeNgram = (words: Uint32Array, count: number) => void;

interface Run {
  readonly firstByte: number;
  readonly bytes: number;
}

const WRITE_BYTES = 1 << 22;
const READ_BYTES = 1 << 20;

export class SortedRuns {
  readonly #order: number;
  readonly #file: ScratchFile;
  readonly #runs: Run[] = [];

  /** @param folder where the file lies, if not where the system keeps such files */
  constructor(order: number, folder?: string) {
    this.#order = order;
    this.#file = openScratchFile(folder);
  }

  /** How many n-grams were written, those of several runs several times. */
  get ngrams(): number {
    return this.#file.bytes / 4 / (this.#order + 1);
  }

  /** Writes a run; `fill` hands over its n-grams in their order. */
  write(fill: (take: TakeNgram) => void): void {
    const record = this.#order + 1;
    const buffer = new Uint32Array(Math.floor(WRITE_BYTES / 4 / record) * record);
    const firstByte = this.#file.bytes;
    let used = 0;
    const flush = (): void => {
      this.#file.append(new Uint8Array(buffer.buffer, 0, used * 4));
      used = 0;
    };
    fill((words, count) => {
      for (let i = 0; i < this.#order; i++) buffer[used + i] = words[i];
      buffer[used + this.#order] = count;
      used += record;
      if (used === buffer.length) flush();
    });
    flush();
    this.#runs.push({ firstByte, bytes: this.#file.bytes - firstByte });
  }

  /** All n-grams of all runs in their order; equal ones of several runs follow one another. */
  *merged(): Generator<{ readonly words: Uint32Array; readonly count: number }> {
    const order = this.#order;
    const heap = this.#runs
      .map((run) => new RunReader(this.#file, run, order))
      .filter((run) => run.advance());
    heap.sort((a, b) => compareWords(a.words, b.words));
    while (heap.length > 0) {
      const [least] = heap;
      yield least;
      if (!least.advance()) {
        const last = heap.pop();
        if (last === undefined || heap.length === 0) return;
        heap[0] = last;
      }
      sink(heap);
    }
  }

  close(): void {
    this.#file.close();
  }
}

/** The n-grams of one run, one after the other. */
class RunReader {
  readonly words: Uint32Array;
  count = 0;
  readonly #file: ScratchFile;
  readonly #end: number;
  #nextByte: number;
  readonly #buffer: Uint32Array;
  #at = 0;
  #filled = 0;

  constructor(file: ScratchFile, { firstByte, bytes }: Run, order: number) {
    this.#file = file;
    this.#nextByte = firstByte;
    this.#end = firstByte + bytes;
    this.words = new Uint32Array(order);
    this.#buffer = new Uint32Array(Math.floor(READ_BYTES / 4 / (order + 1)) * (order + 1));
  }

  /** Reads the next n-gram; false at the end. */
  advance(): boolean {
    if (this.#at === this.#filled && !this.#fill()) return false;
    const { words } = this;
    for (let i = 0; i < words.length; i++) words[i] = this.#buffer[this.#at + i];
    this.count = this.#buffer[this.#at + words.length];
    this.#at += words.length + 1;
    return true;
  }

  #fill(): boolean {
    const bytes = Math.min(this.#buffer.byteLength, this.#end - this.#nextByte);
    this.#file.read(this.#nextByte, new Uint8Array(this.#buffer.buffer, 0, bytes));
    this.#nextByte += bytes;
    this.#at = 0;
    this.#filled = bytes / 4;
    return bytes > 0;
  }
}

function compareWords(a: Uint32Array, b: Uint32Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

/** Moves the root of a heap to its place. */
function sink(heap: RunReader[]): void {
  const root = heap[0];
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compareWords(heap[child + 1].words, heap[child].words) < 0) child++;
    if (compareWords(heap[child].words, root.words) >= 0) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = root;
}
