// The run's folder as ranks other than 0 have it: what rank 0 read of its own to begin with. What they write goes nowhere,
// since rank 0 writes the same.

import { memoryFolder, type Folder, type Ranks } from "../../platform/index.ts";
import { RUN_FILES } from "../run/file-names.ts";

const SHARED = [RUN_FILES.settings, RUN_FILES.checkpoint, RUN_FILES.model] as const;

/** @param folder where rank 0 writes @returns the same for rank 0 */
export async function folderOnRank(
  ranks: Ranks | undefined,
  folder: Folder,
  { isNew = false } = {},
): Promise<Folder> {
  if (!ranks) return folder;
  const memory = memoryFolder();
  for (const name of isNew ? [] : SHARED) {
    const own = ranks.rank === 0 ? await folder.read(name) : undefined;
    const [isThere] = await ranks.broadcast(Uint8Array.of(own ? 1 : 0));
    if (isThere === 0) continue;
    const bytes = await ranks.broadcast(own ?? new Uint8Array());
    if (ranks.rank > 0) await memory.replace(name, bytes);
  }
  return ranks.rank === 0 ? folder : withoutWriting(memory, folder.path);
}

function withoutWriting(folder: Folder, path: string): Folder {
  const nowhere = async () => undefined;
  return Object.assign(folder, { path, replace: nowhere, append: nowhere });
}
