// Makes an input smaller while it still provokes the same complaint: leaves out pieces, halves first, then zeros bytes.

import { join } from "./mutations.mjs";

const MOST_EXECUTIONS = 2000;

/** @param execute gives the complaint of an input, if any */
export async function minimize(input, execute) {
  const kindOf = async (candidate) => (await execute(candidate))?.replaceAll(/\d+/g, "#");
  const kind = await kindOf(input);
  let smallest = input.slice();
  let executions = 0;
  const accept = async (candidate) => {
    const provokes = ++executions <= MOST_EXECUTIONS && (await kindOf(candidate)) === kind;
    if (provokes) smallest = candidate;
    return provokes;
  };
  for (let size = smallest.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < smallest.length;) {
      if (!(await accept(join(smallest.subarray(0, at), smallest.subarray(at + size))))) at += size;
    }
  }
  for (let at = 0; at < smallest.length; at++) {
    if (smallest[at] !== 0) await accept(smallest.map((byte, i) => (i === at ? 0 : byte)));
  }
  return smallest;
}
