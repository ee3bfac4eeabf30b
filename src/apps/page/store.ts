// A state that parts of a room share: whoever shows it is drawn again when it changes.

import { useEffect, useState } from "preact/hooks";

export class Store<State extends object> {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(state: State) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  /** Changes these, and leaves the others. */
  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** @returns what ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

export function useStore<State extends object>(store: Store<State>): State {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    const show = (): void => setState(store.state);
    show(); // it may have changed between drawing and now
    return store.subscribe(show);
  }, [store]);
  return state;
}
