// Reads manifests from disk: files, in which a path is relative to the manifest's own folder, and folders of recordings.
// The formats themselves are behind manifest.ts and folder.ts.

import { EarshotError } from "../../errors.ts";
import {
  decodeText,
  dirname,
  fileFacts,
  isMissing,
  isSystemError,
  readWholeFile,
  resolve,
  statFile,
  type SystemError,
} from "../../platform/index.ts";
import { parseManifest, type Manifest } from "./manifest.ts";
import { readFolder } from "./folder.ts";
import { addMissingExtensions } from "./missing-extensions.ts";

/**
 * Reads several manifests as one, in the given order.
 * @throws EarshotError `MANIFEST_NOT_FOUND`, `MANIFEST_UNREADABLE`, and those of `parseManifest` and `readFolder`.
 */
export async function readManifests(paths: readonly string[]): Promise<Manifest> {
  const manifests = await Promise.all(paths.map(readManifest));
  return {
    utterances: manifests.flatMap((manifest) => manifest.utterances),
    warnings: manifests.flatMap((manifest) => manifest.warnings),
  };
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    if ((await statFile(path)).kind === "folder") return await readFolder(path);
    const text = manifestText(await readWholeFile(path), path);
    const folder = resolve(dirname(path));
    const { utterances, warnings } = parseManifest(text, path, (audio) => resolve(folder, audio));
    return { utterances: await addMissingExtensions(utterances, isFile), warnings };
  } catch (error) {
    throw isSystemError(error) ? fileFault(path, error) : error;
  }
}

/** False where a path cannot be one, too: what reads the recordings says so of each. */
const isFile = (path: string): Promise<boolean> =>
  fileFacts(path).then(
    (facts) => facts?.kind === "file",
    () => false,
  );

function manifestText(bytes: Uint8Array, path: string): string {
  try {
    return decodeText(bytes, path);
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    throw unreadable(error.where!, `It is not text in UTF-8. ${error.problem}`, error);
  }
}

const KINDS = "a table (CSV or TSV), of JSON lines, or of a folder with a .txt file beside each recording";

function fileFault(path: string, error: SystemError): EarshotError {
  if (!isMissing(error)) return unreadable(path, `It cannot be read (${error.code}).`, error);
  return new EarshotError({
    code: "MANIFEST_NOT_FOUND",
    where: path,
    problem: `There is no file or folder ${resolve(path)}.`,
    remedy: `Give the path of ${KINDS}.`,
  });
}

function unreadable(path: string, problem: string, cause: unknown): EarshotError {
  const remedy = `Give the path of ${KINDS}, saved as UTF-8, that you may read.`;
  return new EarshotError({ code: "MANIFEST_UNREADABLE", where: path, problem, remedy }, { cause });
}
