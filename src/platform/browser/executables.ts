// A page can start no program: none is there.

import type { ExecutableOptions, ExecutableOutput } from "../executables.ts";

export function runExecutable(
  _name: string,
  _parameters: readonly string[],
  _options?: ExecutableOptions,
): Promise<ExecutableOutput | undefined> {
  return Promise.resolve(undefined);
}
