// Corpora whose tables are manifests already: Common Voice's, and the audio folders of Hugging Face. They are read by
// the same code as any manifest.

import { EarshotError } from "../../errors.ts";
import { addMissingExtensions } from "../manifests/missing-extensions.ts";
import { parseManifest } from "../manifests/manifest.ts";
import type { Manifest } from "../manifests/format.ts";
import { folderOf, joined } from "./folder.ts";
import type { CorpusFolder } from "./folder.ts";
import type { CorpusRows } from "./importer.ts";
import { readEach } from "./lines.ts";

interface Table {
  readonly path: string;
  /** Undefined when its rows are in no official split. */
  readonly split?: string;
}

export function readTables(folder: CorpusFolder, tables: readonly Table[]): Promise<CorpusRows> {
  const there = new Set(folder.paths);
  const isThere = (path: string): Promise<boolean> => Promise.resolve(there.has(path));
  return readEach(tables, async ({ path: table, split }) => {
    const resolvePath = (path: string): string => joined(folderOf(table), path.replaceAll("\\", "/"));
    const { utterances, warnings } = readTable(await folder.readText(table), table, resolvePath);
    const found = await addMissingExtensions(utterances, isThere);
    return { rows: found.map((utterance) => ({ ...utterance, split })), malformed: [], warnings };
  });
}

/** A table without rows is usual: small languages have no dev set. */
function readTable(text: string, where: string, resolvePath: (path: string) => string): Manifest {
  try {
    return parseManifest(text, where, resolvePath);
  } catch (error) {
    if (!(error instanceof EarshotError && error.code === "EMPTY_MANIFEST")) throw error;
    return { utterances: [], warnings: [] };
  }
}
