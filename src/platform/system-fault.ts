// What the file system refused, as an error that says where and what helps. Knows nothing of what was read or written.

import { EarshotError } from "../errors.ts";

/** An error of the operating system, as Node words it; drivers for other platforms word theirs alike. */
export interface SystemError extends Error {
  /** "ENOENT" and so on. */
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** An error as Node words it, for the drivers of other platforms. */
export function systemError(code: string, meaning: string, syscall: string, path?: string): SystemError {
  const place = path === undefined ? "" : ` '${path}'`;
  return Object.assign(new Error(`${code}: ${meaning}, ${syscall}${place}`), { code, syscall, path });
}

/** Whether there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** @param path a failed write knows no path of its own; it is given this one */
export function systemFault(error: SystemError, path = error.path): EarshotError {
  const remedy = "Check that the path exists, that you may use it and that the disk has room.";
  return new EarshotError(
    { code: "FILE_SYSTEM", where: path, problem: `${error.message}.`, remedy },
    { cause: Object.assign(error, { path }) },
  );
}
