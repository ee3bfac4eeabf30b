// The states of callbacks, into a checkpoint and back.

import { EarshotError } from "../../errors.ts";
import type { Progress } from "../loop/progress.ts";
import type { Callback } from "./callback.ts";

/** The state of each callback that has one, by its name. */
export function statesOf(callbacks: readonly Callback[]): Progress["callbacks"] {
  return Object.fromEntries(callbacks.flatMap(({ name, state }) => (state ? [[name, state]] : [])));
}

/** Gives every callback its state of a checkpoint back. @throws EarshotError INVALID_SETTING when two share a name */
export function restoreStates(callbacks: readonly Callback[], states: Progress["callbacks"]): void {
  const names = callbacks.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw sameName(twice);
  for (const { name, state } of callbacks) if (state) Object.assign(state, states[name]);
}

function sameName(name: string): EarshotError {
  return new EarshotError({
    code: "INVALID_SETTING",
    where: "callbacks",
    problem: `Two callbacks have the name "${name}".`,
    remedy: "Give each a name of its own: checkpoints keep their states by name.",
  });
}
