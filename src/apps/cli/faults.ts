// Whatever was thrown becomes one coded error with a way out, and one exit code.

import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommanderError } from "commander";
import { EarshotError, nearestName } from "../../errors.ts";
import { isSystemError, systemFault } from "../../platform/index.ts";
import { EXIT } from "./session.ts";

const USAGE_CODES = [
  "USAGE",
  "INVALID_SETTING",
  "UNKNOWN_SETTING",
  "INVALID_CONFIG",
  "UNKNOWN_SPLIT",
  "UNKNOWN_CONDITION",
  "UNKNOWN_ENGINE",
  "UNKNOWN_SOURCE",
  "UNKNOWN_PART",
  "UNKNOWN_MODEL",
  "NO_DEFAULT_MODEL",
  "REQUEST_CHANGED",
  "FOLDER_IN_USE",
  "TOO_FEW_VOICES",
  "INVALID_HOT_WORD",
  "MISSING_LANGUAGE_MODEL",
  "MISSING_VOCABULARY",
  "OUTPUT_IS_INPUT",
  "NO_MANIFEST",
];

export function exitCodeOf({ code }: EarshotError): number {
  if (code === "INTERRUPTED") return EXIT.interrupted;
  return USAGE_CODES.includes(code) ? EXIT.usage : EXIT.failed;
}

/** @param help the command that explains more, such as `earshot test --help`. */
export async function faultOf(thrown: unknown, help: string): Promise<EarshotError> {
  if (thrown instanceof EarshotError) return suggestFile(thrown);
  if (thrown instanceof CommanderError) return usageOf(thrown, help);
  if (isSystemError(thrown)) return suggestFile(systemFault(thrown));
  const [firstLine] = String(thrown instanceof Error ? thrown.message : thrown).split("\n");
  return new EarshotError(
    {
      code: "INTERNAL_ERROR",
      problem: firstLine,
      remedy:
        "This is a bug in Earshot: please report it with your command; EARSHOT_DEBUG=1 shows where it happened.",
    },
    { cause: thrown },
  );
}

/** A missing file may be a mistyped one: the remedy then names its neighbor. */
export async function suggestFile(error: EarshotError): Promise<EarshotError> {
  const path = missingPath(error);
  if (path === undefined) return error;
  const neighbors = await readdir(dirname(path)).catch(() => []);
  const near = nearestName(basename(path), neighbors);
  if (near === undefined) return error;
  return error.with({ remedy: `Did you mean "${join(dirname(path), near)}"?` });
}

/** None where the error is about another file, which is there: that has a remedy of its own. */
function missingPath({ code, where, cause }: EarshotError): string | undefined {
  if (isSystemError(cause) && cause.code === "ENOENT")
    return code === "MISSING_DESCRIPTION" ? undefined : cause.path;
  return code.endsWith("_NOT_FOUND") ? where : undefined;
}

/** Commander's "error: …\n(Did you mean …?)", in two parts. */
function usageOf({ message }: CommanderError, help: string): EarshotError {
  const [problem, suggestion] = message.replace(/^error: /, "").split("\n");
  const sentence = problem[0].toUpperCase() + problem.slice(1) + (problem.endsWith(".") ? "" : ".");
  const remedy = suggestion?.replace(/^\((.*)\)$/, "$1") ?? `See: ${help}`;
  return new EarshotError({ code: "USAGE", problem: sentence, remedy });
}
