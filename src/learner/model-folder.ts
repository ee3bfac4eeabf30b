// The folder of a run that leaves nothing but a model: kept in memory, while its log, its checkpoints and whatever else
// it writes are forgotten at once, since nobody could read them later.

import { memoryFolder, type FileContent, type Folder } from "../platform/index.ts";
import { RUN_FILES } from "../training/index.ts";

const nothing = async (): Promise<void> => undefined;

export function modelFolder(): Folder {
  const folder = memoryFolder();
  return {
    path: folder.path,
    forgets: true,
    read: (name) => folder.read(name),
    replace: async (name: string, content: FileContent) =>
      name === RUN_FILES.model ? folder.replace(name, content) : undefined,
    append: nothing,
    touch: nothing,
    make: nothing,
    list: () => folder.list(),
    remove: (name) => folder.remove(name),
    lock: (name) => folder.lock(name),
    removeIfEmpty: nothing,
    destroy: () => folder.destroy(),
  };
}
