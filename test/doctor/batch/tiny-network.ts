// A small recurrent network over made-up utterances, for planting faults: frames carry the symbol that is spoken, plus
// noise, so that with a large gain it is as sure as a trained network, and with a small one as unsure as an early one.

import { RandomStream } from "../../../src/random.ts";

export interface Utterance {
  /** [T][F] */
  readonly frames: readonly Float64Array[];
  readonly labels: readonly number[];
}

export interface TinyBatch {
  readonly utterances: readonly Utterance[];
  /** [T][B][F], zeros behind each utterance. */
  readonly frames: Float64Array[][];
  /** [B] */
  readonly lengths: readonly number[];
}

export function makeUtterances(
  random: RandomStream,
  { count, V, blank }: { count: number; V: number; blank: number },
): Utterance[] {
  return Array.from({ length: count }, (_, i) => {
    const labels = withoutRepeats(random, 3 + i + random.integer(6), V, blank);
    const path = labels.flatMap((label) => [
      label,
      ...Array.from({ length: 3 + random.integer(4) }, () => blank),
    ]);
    const frames = [blank, blank, ...path].map((symbol) => {
      const frame = Float64Array.from({ length: V }, () => 0.15 * random.normal());
      frame[symbol] += 1;
      return frame;
    });
    return { frames, labels };
  });
}

function withoutRepeats(random: RandomStream, length: number, V: number, blank: number): number[] {
  const labels: number[] = [];
  while (labels.length < length) {
    const label = letter(random, V, blank);
    if (label !== labels.at(-1)) labels.push(label);
  }
  return labels;
}

/** Any symbol but the blank. */
export const letter = (random: RandomStream, V: number, blank: number): number =>
  (blank + 1 + random.integer(V - 1)) % V;

export function padBatch(utterances: readonly Utterance[], extra = 0): TinyBatch {
  const lengths = utterances.map(({ frames }) => frames.length);
  const T = Math.max(...lengths) + extra;
  const F = utterances[0].frames[0].length;
  const frames = Array.from({ length: T }, (_, t) =>
    utterances.map((own) => own.frames[t] ?? new Float64Array(F)),
  );
  return { utterances, frames, lengths };
}

export interface TinyOptions {
  readonly seed: number;
  readonly V: number;
  /** How strongly frames speak: 0.3 is early, 12 is late in training. */
  readonly gain: number;
  readonly stride: number;
  readonly bidirectional: boolean;
}

/** [T'][B][V] */
export type Logits = Float64Array[][];

/** What a planted fault may change on the way. */
export interface Defects {
  readonly overBatch?: boolean;
  /** The state that a run starts from, and where it leaves its last: [B][H]. */
  readonly state?: { start: (B: number) => Float64Array[]; end?: (state: Float64Array[]) => void };
  readonly ignoresLengths?: boolean;
}

const H = 6;

/** h_t = tanh(W x_t + U h_{t−1}); the logits are gain · x_t + C h_t, and the same backwards. */
export function runTiny({ frames, lengths }: TinyBatch, options: TinyOptions, defects: Defects = {}): Logits {
  const random = new RandomStream(options.seed, "weights");
  const matrices = Array.from({ length: 2 }, () => cell(random, options.V));
  const kept = frames.filter((_, t) => t % options.stride === 0);
  const steps = lengths.map((length) =>
    defects.ignoresLengths ? kept.length : Math.ceil(length / options.stride),
  );
  const logits = kept.map((batch) => batch.map((frame) => frame.map((value) => options.gain * value)));
  const directions = options.bidirectional ? [false, true] : [false];
  directions.forEach((backward, d) => {
    if (defects.overBatch)
      kept.forEach((batch, t) => addStates(batch, logits[t], matrices[d], backward, options.gain));
    else
      alongTime(
        kept,
        steps,
        logits,
        matrices[d],
        backward,
        options.gain,
        d === 0 ? defects.state : undefined,
      );
  });
  return logits;
}

interface Cell {
  readonly input: Float64Array[];
  readonly recurrent: Float64Array[];
  readonly output: Float64Array[];
}

function cell(random: RandomStream, V: number): Cell {
  const matrix = (rows: number, columns: number, size: number) =>
    Array.from({ length: rows }, () =>
      Float64Array.from({ length: columns }, () => (size * random.normal()) / Math.sqrt(columns)),
    );
  return { input: matrix(H, V, 2), recurrent: matrix(H, H, 0.7), output: matrix(V, H, 1) };
}

function next({ input, recurrent }: Cell, frame: Float64Array, state: Float64Array): Float64Array {
  return state.map((_, i) => Math.tanh(dot(input[i], frame) + dot(recurrent[i], state)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** One row of frames as if it were a sequence. */
function addStates(
  frames: readonly Float64Array[],
  logits: Float64Array[],
  own: Cell,
  backward: boolean,
  gain: number,
): void {
  let state = new Float64Array(H);
  for (let i = 0; i < frames.length; i++) {
    const at = backward ? frames.length - 1 - i : i;
    state = next(own, frames[at], state) as Float64Array<ArrayBuffer>;
    addOutput(logits[at], own, state, gain);
  }
}

function addOutput(logits: Float64Array, { output }: Cell, state: Float64Array, gain: number): void {
  for (let v = 0; v < logits.length; v++) logits[v] += 0.4 * gain * dot(output[v], state);
}

function alongTime(
  kept: readonly Float64Array[][],
  steps: readonly number[],
  logits: Logits,
  own: Cell,
  backward: boolean,
  gain: number,
  state: Defects["state"],
): void {
  const states = state?.start(steps.length) ?? steps.map(() => new Float64Array(H));
  steps.forEach((count, b) => {
    for (let i = 0; i < count; i++) {
      const t = backward ? count - 1 - i : i;
      states[b] = next(own, kept[t][b], states[b]);
      addOutput(logits[t][b], own, states[b], gain);
    }
  });
  state?.end?.(states);
}

export const STATE_SIZE = H;
