// Why a recording's file cannot be read, in the same words from the store, which looks it up, and from the worker, which opens it.

import type { Fault } from "../../errors.ts";

/** `RECORDING_NOT_FOUND` or `UNREADABLE_RECORDING`, from what the file system threw. */
export function recordingFault(path: string, error: unknown): Fault {
  const { code, message } = error as Error & { readonly code?: string };
  if (code === "ENOENT") {
    return {
      code: "RECORDING_NOT_FOUND",
      where: path,
      problem: "There is no such file.",
      remedy: "Correct the path; paths in a manifest are relative to the manifest's folder.",
    };
  }
  return {
    code: "UNREADABLE_RECORDING",
    where: path,
    problem: `The file cannot be read: ${message}.`,
    remedy: "Check that the file is a recording and that you may read it.",
  };
}
