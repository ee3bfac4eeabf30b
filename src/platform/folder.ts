// A folder of files, wherever it is kept: on a disk, in a browser's own file system, in memory. What a training run, a
// cache or a report writes goes through here, so that it works on every platform and a test can make any call fail.

export interface FolderEntry {
  /** Relative to the folder, with "/" between names. */
  readonly name: string;
  readonly bytes: number;
  /** Time of the last change, in ms since 1970. */
  readonly modifiedMs: number;
}

export interface FolderLock {
  release(): Promise<void>;
}

/** Names are relative, with "/" between them; sub-folders are made as needed. */
export interface Folder {
  /** What errors and logs call it: on a disk, its path. */
  readonly path: string;
  /** @returns undefined where there is no such file */
  read(name: string): Promise<Uint8Array | undefined>;
  /**
   * A reader, or a crash at any moment, meets the old content or the new one, never a part.
   * @throws EarshotError FILE_SYSTEM
   */
  replace(name: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /** A crash may leave a part of the text; the file is made where there is none. @throws EarshotError FILE_SYSTEM */
  append(name: string, text: string): Promise<void>;
  /** Every file, in sub-folders too, sorted by name; leftovers of a crash are removed, not listed. */
  list(): Promise<readonly FolderEntry[]>;
  /** What is not there is removed already. */
  remove(name: string): Promise<void>;
  /** Held until it is released or its holder dies. @returns who holds it, where another process or tab does */
  lock(name: string): Promise<FolderLock | { readonly heldBy: string }>;
  /** Removes the folder itself with all that is in it. */
  destroy(): Promise<void>;
}
