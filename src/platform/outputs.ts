// Whether what a command is to write can be written where it is to go, before the work that it is the result of: nothing
// that the work reads is overwritten, and no folder stands in the place of a file.

import { checkReplaceable, dirname, fileFacts, fileIdentity } from "#platform-driver";
import { EarshotError } from "../errors.ts";

export interface OutputOptions {
  /** Files that are read for it; those that are not there count for nothing. */
  readonly inputs?: Iterable<string>;
  /** Whether folders around an output are made where they are missing. */
  readonly makesFolders?: boolean;
}

/** @throws EarshotError OUTPUT_IS_INPUT, FILE_SYSTEM */
export async function checkOutputs(
  outputs: readonly string[],
  { inputs = [], makesFolders = false }: OutputOptions = {},
): Promise<void> {
  const written = new Map<string, string>();
  for (const path of outputs) {
    const identity = await fileIdentity(path);
    if (identity !== undefined) written.set(identity, path);
  }
  if (written.size > 0)
    for (const input of new Set(inputs)) {
      const path = written.get((await fileIdentity(input)) ?? "");
      if (path !== undefined) throw outputIsInput(path, input);
    }
  for (const path of outputs) await checkPlace(path, makesFolders);
}

async function checkPlace(path: string, makesFolders: boolean): Promise<void> {
  const around = await fileFacts(dirname(path));
  if (around?.kind === "folder" || (around === undefined && !makesFolders)) return checkReplaceable(path);
  let ancestor = dirname(path);
  while (dirname(ancestor) !== ancestor && (await fileFacts(ancestor)) === undefined)
    ancestor = dirname(ancestor);
  const found = await fileFacts(ancestor);
  if (found === undefined || found.kind === "folder") return;
  throw new EarshotError({
    code: "FILE_SYSTEM",
    where: path,
    problem: `${ancestor} is a file, and a folder is needed there.`,
    remedy: "Give another path.",
  });
}

function outputIsInput(path: string, input: string): EarshotError {
  const same = path === input ? "It is" : `It is the same file as ${input},`;
  return new EarshotError({
    code: "OUTPUT_IS_INPUT",
    where: path,
    problem: `${same} read for what is to be written there.`,
    remedy: "Give another path for the output.",
  });
}
