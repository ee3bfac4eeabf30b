// The numbers of random.ts four at a time, in WebAssembly: the same bits.

import { GOLDEN } from "../../random.ts";
import { u32x4, type Code, type FunctionBody } from "../../web-assembly.ts";

const { add, all, allOf, exclusiveOr, multiply, shiftRight } = u32x4;

/** What four numbers of a stream follow from, each four times. */
export interface RandomKeys {
  readonly low: Code;
  readonly high: Code;
}

/** @param counters of the first number and the three after it, times GOLDEN @param further times GOLDEN, an address */
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

/** Counters times GOLDEN of a number and the three after it. */
export const countersFrom = (counter: number): Uint32Array =>
  Uint32Array.from({ length: 4 }, (_, i) => Math.imul(counter + i, GOLDEN));
