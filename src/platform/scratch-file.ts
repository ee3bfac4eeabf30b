// Room outside memory for the intermediate results of one piece of work: appended to, read anywhere, never kept.

/** Its calls are synchronous, since sorting and merging read a little at a time, and often. */
export interface ScratchFile {
  readonly bytes: number;
  /** @throws the error of the file system */
  append(content: Uint8Array): void;
  /** Fills `target` with the bytes from `position` on, which must have been written. */
  read(position: number, target: Uint8Array): void;
  /** Removes it. */
  close(): void;
}
