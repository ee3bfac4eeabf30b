// The numbers of random.ts four at a time, in WebAssembly: the same bits.

import { GOLDEN } from "../../random.ts";
import { u32x4, type Code, type FunctionBody } from "../../web-assembly.ts";

const { add, all, allOf, exclusiveOr, multiply, shiftRight } = u32x4;

/** The two keys of a stream, each in all four lanes. */
export interface RandomKeys {
  readonly low: Code;
  readonly high: Code;
}

/**
 * Four numbers of a stream.
 * @param counters those of `countersFrom` @param further how many numbers further they are, times GOLDEN; an address
 */
export function emitBits(body: FunctionBody, { low, high }: RandomKeys, counters: Code, further: Code): Code {
  const own = exclusiveOr(add(counters, allOf(further)), low);
  return emitMix(body, add(emitMix(body, own), high));
}

/** The 32-bit finaliser of MurmurHash3. */
function emitMix(body: FunctionBody, value: Code): Code {
  const folded = (x: Code, by: number) => {
    const kept = body.keep(x);
    return exclusiveOr(kept, shiftRight(kept, by));
  };
  const first = multiply(folded(value, 16), all(0x85ebca6b));
  return body.keep(folded(multiply(folded(first, 13), all(0xc2b2ae35)), 16));
}

/** The counters of a number and of the three after it, times GOLDEN. */
export const countersFrom = (counter: number): Uint32Array =>
  Uint32Array.from({ length: 4 }, (_, i) => Math.imul(counter + i, GOLDEN));
