// Events on their way to callbacks: in order, waited for, and forgotten once they are written.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { TrainingEvent } from "../../src/training/index.ts";
import { openEmitter } from "../../src/training/run/emitter.ts";

const EVENT: TrainingEvent = { type: "stop", reason: "asked" };

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("an emitter", () => {
  it("waits until callbacks have written all events, and gives the error of one that could not", async () => {
    const written: number[] = [];
    let failing = false;
    const event = async () => {
      await Promise.resolve();
      if (failing) throw new Error("full");
      written.push(written.length);
    };
    const { emit, written: wait } = openEmitter([{ name: "a", event }]);
    emit(EVENT);
    emit(EVENT);
    await wait();
    expect(written).toEqual([0, 1]);
    failing = true;
    emit(EVENT);
    await expect(wait()).rejects.toThrow("full");
  });

  it("holds nothing of the events that are written, however many there are", async () => {
    let first: WeakRef<object> | undefined;
    const event = async () => {
      const result = {};
      first ??= new WeakRef(result);
      return result as unknown as void;
    };
    const { emit, written } = openEmitter([{ name: "a", event }]);
    for (let n = 0; n < 3; n++) emit(EVENT);
    await written();
    await new Promise((resolve) => setImmediate(resolve)); // a WeakRef holds on until the turn ends
    collectGarbage();
    expect(first!.deref()).toBeUndefined();
  });
});
