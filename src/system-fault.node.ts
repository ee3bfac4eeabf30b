// What the file system refused, as an error that says where and what helps. Knows nothing of what was read or written.

import { EarshotError } from "./errors.ts";

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** @param path a failed write knows no path of its own; it is given this one */
export function systemFault(error: NodeJS.ErrnoException, path = error.path): EarshotError {
  const remedy = "Check that the path exists, that you may use it and that the disk has room.";
  return new EarshotError(
    { code: "FILE_SYSTEM", where: path, problem: `${error.message}.`, remedy },
    { cause: Object.assign(error, { path }) },
  );
}
