// A folder of files, wherever it is kept: on a disk, in a browser's own file system, in memory. What a training run, a
// cache or a report writes goes through here, so that it works on every platform and a test can make any call fail.

export interface FolderEntry {
  /** Relative to the folder, with "/" between names. */
  readonly name: string;
  readonly bytes: number;
  /** Time of the last change, in whole ms since 1970: a file system that knows it finer would be ahead of who sets it. */
  readonly modifiedMs: number;
}

export interface FolderLock {
  release(): Promise<void>;
}

/** What goes into a file: at once, or in pieces where it does not fit into memory. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

export interface ReplaceOptions {
  /**
   * Whether the content is forced to the disk, so that it outlives a loss of power; true by default. Without, a loss of
   * power may leave a damaged file: for what can be made again.
   */
  readonly durable?: boolean;
}

/** Names are relative, with "/" between them; sub-folders are made as needed. Every method throws FILE_SYSTEM. */
export interface Folder {
  /** What errors and logs call it: on a disk, its path. */
  readonly path: string;
  /** Present where what is written is forgotten, so that nobody is told to look for it. */
  readonly forgets?: true;
  /** @returns undefined where there is no such file */
  read(name: string): Promise<Uint8Array | undefined>;
  /** A reader, or a crash at any moment, meets the old content or the new one, never a part. */
  replace(name: string, content: FileContent, options?: ReplaceOptions): Promise<void>;
  /** A crash may leave a part of the content, a text as UTF-8; the file is made where there is none. */
  append(name: string, content: string | Uint8Array): Promise<void>;
  /** Sets the time of a file's last change to now, where the platform can; does nothing where there is no such file. */
  touch(name: string): Promise<void>;
  /** Makes the folder itself, to find out early whether that is possible. */
  make(): Promise<void>;
  /** Every file, in sub-folders too, sorted by name; without what a crash left unfinished. Changes nothing. */
  list(): Promise<readonly FolderEntry[]>;
  /** Does nothing where there is no such file. */
  remove(name: string): Promise<void>;
  /**
   * Held until it is released or its holder dies. Taking it removes what dead writers left unfinished in the folder;
   * what living ones are writing stays. The lock may be listed as a file of its name.
   * @returns who holds it, where it is taken
   */
  lock(name: string): Promise<FolderLock | { readonly heldBy: string }>;
  /** Removes the folder and its parents as far as this object made them and they are empty. */
  removeIfEmpty(): Promise<void>;
  /** Removes the folder itself with all that is in it. */
  destroy(): Promise<void>;
}

/** The pieces of a content, alike for both kinds. */
export function piecesOf(content: FileContent): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  return Symbol.asyncIterator in content ? content : [content];
}
