// The files of what was dropped: a folder with all that is below it, or files by themselves.

/** Each with the path that it has below the folder, as one that was chosen has. */
export async function droppedFiles({
  dataTransfer,
}: DragEvent): Promise<{ readonly dropped: File[]; readonly hasFiles: boolean }> {
  const entries = [...(dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files: File[] = [];
  for (const entry of entries) await gather(entry, "", files);
  return { dropped: files, hasFiles: entries.length > 0 }; // not where something else was dropped, such as a text
}

async function gather(entry: FileSystemEntry, before: string, files: File[]): Promise<void> {
  const path = `${before}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    Object.defineProperty(file, "webkitRelativePath", { value: path });
    files.push(file);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return; // they come in parts
    for (const each of some) await gather(each, `${path}/`, files);
  }
}
