// Gives a run's events to its callbacks and to the program's own function, at once and in order. A callback may write them
// in the background; `written` waits for that.

import type { Callback } from "../callbacks/callback.ts";
import type { OnEvent } from "../events.ts";

export interface Emitter {
  readonly emit: OnEvent;
  /** Until callbacks have written all events so far. @throws what stopped one from writing */
  readonly written: () => Promise<void>;
}

export function openEmitter(callbacks: readonly Callback[], onEvent?: OnEvent): Emitter {
  let written: Promise<void> = Promise.resolve();
  return {
    emit(event) {
      const writing = callbacks.map((callback) => callback.event?.(event));
      written = Promise.all([written, ...writing]).then(() => undefined); // results would pile up, one in the other
      written.catch(() => undefined); // who awaits `written` gets the error
      onEvent?.(event);
    },
    written: () => written,
  };
}
