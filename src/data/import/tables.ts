// Corpora whose tables are manifests already: Common Voice's, and the audio folders of Hugging Face. They are read by
// the same code as any manifest.

import { EarshotError, type Warning } from "../../errors.ts";
import { parseManifest } from "../manifest.ts";
import type { Manifest } from "../manifests/format.ts";
import { folderOf, joined } from "./folder.ts";
import type { CorpusFolder } from "./folder.ts";
import type { CorpusRow, CorpusRows } from "./importer.ts";

interface Table {
  readonly path: string;
  /** Undefined when its rows are in no official split. */
  readonly split?: string;
}

export async function readTables(folder: CorpusFolder, tables: readonly Table[]): Promise<CorpusRows> {
  const rows: CorpusRow[] = [];
  const warnings: Warning[] = [];
  for (const { path: table, split } of tables) {
    const resolvePath = (path: string): string => joined(folderOf(table), path.replaceAll("\\", "/"));
    const manifest = readTable(await folder.readText(table), table, resolvePath);
    for (const { path, transcript, speaker, where } of manifest.utterances)
      rows.push({ path, transcript, speaker, split, where });
    warnings.push(...manifest.warnings);
  }
  return { rows, malformed: [], warnings };
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
