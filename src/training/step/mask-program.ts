// Dropout masks in WebAssembly, sixteen elements at a time: those of dropout-mask.ts.

import { GOLDEN, type RandomStream } from "../../random.ts";
import { FunctionBody, load, loadFourTimes, times, u32x4, ZERO } from "../../web-assembly.ts";
import { HIGH_BITS, keepMask, thresholdOf, type KeepMask } from "./dropout-mask.ts";
import { countersFrom, emitBits } from "./random-vectors.ts";

/** Words that a run makes. */
const BLOCK = 4096;
/** Bytes before them: four counters, then what is the same for all. */
const HEAD = 48;
const [COUNTERS, LOW, HIGH, LOW_BITS, IS_LOWER] = [0, 16, 20, 24, 28];

/** Has a memory of its own, so it is one step's. */
export function maskProgram(): KeepMask {
  const program = start();
  if (!program) return keepMask;
  const { memory, run } = program;
  const head = new Uint32Array(memory.buffer, 0, HEAD / 4);
  const made = new Uint8Array(memory.buffer, HEAD, 4 * BLOCK);
  return (length: number, rate: number, random: RandomStream) => {
    const mask = new Uint8Array(length);
    const { lowBits, upperHalf } = thresholdOf(rate);
    const { low, high, counter } = random.skip(Math.ceil(length / 4));
    head.set([low, high, lowBits, upperHalf ? 0 : 2 ** 32 - 1], LOW / 4);
    for (let from = 0; from < length; from += made.length) {
      head.set(countersFrom(counter + from / 4), COUNTERS);
      run();
      mask.set(made.subarray(0, Math.min(made.length, length - from)), from);
    }
    return mask;
  };
}

/** @returns undefined where WebAssembly is forbidden */
function start() {
  const { all, and, or, shiftRight, subtract } = u32x4;
  const body = new FunctionBody();
  const counters = body.keep(load(ZERO, COUNTERS));
  const [low, high, lowBits, isLower] = [LOW, HIGH, LOW_BITS, IS_LOWER].map((at) =>
    body.keep(loadFourTimes(ZERO, at)),
  );
  body.loop(0, BLOCK, 4, (word) => {
    const bytes = emitBits(body, { low, high }, counters, times(word, GOLDEN | 0));
    const notBelow = body.keep(subtract(or(bytes, all(HIGH_BITS)), lowBits)); // as in dropout-mask.ts
    const kept = or(and(bytes, notBelow), and(or(bytes, notBelow), isLower));
    body.store(body.keepAddress(times(word, 4)), HEAD, shiftRight(and(kept, all(HIGH_BITS)), 7));
  });
  return body.tryStart(HEAD + 4 * BLOCK);
}
