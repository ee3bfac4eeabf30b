// Which parts of our own build have run, as V8 counts them block by block: an input that reaches a new part is worth
// damaging further. Reading the counts takes a millisecond, so it is done once for many executions.

import { readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

/** Of a character: outside of functions that were called, has run, has not though its function was called. */
const [OUTSIDE, RAN, MISSED] = [0, 1, 2];

export class Coverage {
  #session = new Session();
  /** Script → what is known of each character of its source. */
  #seen = new Map();
  #isOurs;

  /** @param isOurs tells by its address whether a script counts. */
  constructor(isOurs) {
    this.#isOurs = isOurs;
    this.#session.connect();
  }

  async start() {
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  async stop() {
    await this.#session.post("Profiler.disable");
    this.#session.disconnect();
  }

  /** Whether anything has run since the last call that never ran before; it counts as seen from now on if `keep`. */
  async sawNew({ keep }) {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    let isNew = false;
    for (const { url, functions } of result) {
      if (this.#isOurs(url)) isNew = this.#merge(url, paint(functions), keep) || isNew;
    }
    return isNew;
  }

  #merge(url, now, keep) {
    const seen = new Uint8Array(Math.max(now.length, this.#seen.get(url)?.length ?? 0));
    seen.set(this.#seen.get(url) ?? []);
    const isNew = now.some((state, i) => state === RAN && seen[i] !== RAN);
    if (!keep) return isNew;
    now.forEach((state, i) => (seen[i] = seen[i] === RAN ? RAN : state || seen[i]));
    this.#seen.set(url, seen);
    return isNew;
  }

  /** Of each script, how many lines of the functions that were called have run, and which have not. */
  lines() {
    return Array.from(this.#seen, ([url, seen]) => {
      const lines = { url, ran: 0, missed: [] };
      let at = 0;
      for (const [index, { length }] of readFileSync(new URL(url), "utf8").split("\n").entries()) {
        const states = seen.subarray(at, (at += length + 1));
        if (states.includes(RAN)) lines.ran++;
        else if (states.includes(MISSED)) lines.missed.push(index + 1);
      }
      return lines;
    });
  }
}

/** Ranges come outermost first, each overriding what it lies in; the first function of a module is all of it. */
function paint(functions) {
  const inner = functions.filter(({ ranges }) => ranges[0].startOffset > 0);
  const states = new Uint8Array(Math.max(0, ...inner.map(({ ranges }) => ranges[0].endOffset)));
  for (const { ranges } of inner) {
    const [{ startOffset, count }] = ranges;
    if (count === 0 && states[startOffset] === OUTSIDE) continue;
    for (const { startOffset, endOffset, count } of ranges)
      states.fill(count > 0 ? RAN : MISSED, startOffset, endOffset);
  }
  return states;
}
