// Work for the workers of the tests. serving.mjs, which a thread of Node loads, has the same by hand.

import { EarshotError } from "../../src/errors.ts";
import { Transferred } from "../../src/platform/index.ts";
import type { Fault } from "../../src/errors.ts";

export const work = {
  double: (n: number) => 2 * n,
  addUp(copied: Float32Array, moved: Float32Array) {
    const result = { sum: [...copied, ...moved].reduce((sum, n) => sum + n, 0), wasEmptied: true };
    return new Transferred(result, [moved.buffer as ArrayBuffer]);
  },
  refuse(): never {
    const [problem, remedy] = ["It will not.", "Ask for something else."];
    throw new EarshotError({ code: "REFUSED", where: "here", problem, remedy });
  },
  stumble(): never {
    throw new Error("oh");
  },
  occupy: (flag: Int32Array) => void Atomics.store(flag, 0, 2),
  giveFunction: () => () => 1,
  waitForever: () => new Promise<never>(() => undefined),
  die: () => undefined,
};

export function unexpected(error: unknown): Fault {
  return { code: "UNEXPECTED", problem: (error as Error).message, remedy: "Again." };
}
