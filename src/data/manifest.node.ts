// Reads manifests from disk. A path in a manifest is relative to the manifest's own folder.
// The format itself is in manifest.ts.

import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { EarshotError } from "../errors.ts";
import { parseManifest, type Manifest } from "./manifest.ts";

/**
 * Reads several manifests as one, in the given order.
 * @throws EarshotError `MANIFEST_NOT_FOUND`, `MANIFEST_UNREADABLE`, and those of `parseManifest`.
 */
export async function readManifests(paths: readonly string[]): Promise<Manifest> {
  const manifests = await Promise.all(paths.map(readManifest));
  return {
    utterances: manifests.flatMap((manifest) => manifest.utterances),
    warnings: manifests.flatMap((manifest) => manifest.warnings),
  };
}

async function readManifest(path: string): Promise<Manifest> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? notFound(path)
      : unreadable(path, `It cannot be read (${error.code}).`, error);
  });
  return parseManifest(decodeText(bytes, path), path, (audio) => resolve(dirname(path), audio));
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, "It is not text in UTF-8.", error);
  }
}

function notFound(path: string): EarshotError {
  return new EarshotError({
    code: "MANIFEST_NOT_FOUND",
    where: path,
    problem: `There is no file ${resolve(path)}.`,
    remedy: "Give the path of a CSV file with the columns path,transcript,speaker,split.",
  });
}

function unreadable(path: string, problem: string, cause: unknown): EarshotError {
  const remedy = "Give the path of a CSV file that is saved as UTF-8 and that you may read.";
  return new EarshotError({ code: "MANIFEST_UNREADABLE", where: path, problem, remedy }, { cause });
}
